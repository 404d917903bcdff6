import type { Transport } from '@recordcast/transport'
import { wait, waitUntil } from '../../brokers/wait-until.js'
import { createLedger, type Ledger } from '../ledger.js'
import { connectIn, emitMany, startListener, startSource } from '../parties.js'
import type { Outcome, PrivateBroker, Room, Scenario } from '../scenario.js'
import { keepTold } from '../told.js'

/**
 * Handlers that need several times as long as the broker waits for an ack: stubborn ones that come to their end in spite of
 * everything, and ones that obey their signal. NATS is told that they are at work. RabbitMQ cannot be told and closes their channels:
 * there the stubborn are begun once all the same, and the obedient, which can never succeed, are parked after their attempts.
 */
export const slowHandler: Scenario = {
  number: '12',
  fault: "handlers slower than the broker's ack timeout",
  run: outlastPatience,
}

const timesOver = 4
const delaysMs = [250]
const paceMs = 20

async function outlastPatience(room: Room): Promise<Outcome> {
  const long = room.size === 'long'
  const patienceMs = long ? 4000 : 1000
  const slow = long ? 10 : 2
  const { url } = await startImpatient(room, patienceMs)
  const ledger = createLedger()
  const told = keepTold()
  const broker = await connectIn(room, url, { logger: told.logger, nats: { ackWaitMs: patienceMs } })
  const stubborn = new Map<string, number>()
  const obedient = new Map<string, number>()
  const count = (runs: Map<string, number>, id: string) => runs.set(id, (runs.get(id) ?? 0) + 1)
  const settings = { concurrency: 2 * slow + 1, timeoutMs: 300_000, retry: { delaysMs, jitter: 0 } }
  await startListener(room, broker, 'stubborn', ledger, settings, async (id) => {
    if (!id.startsWith('slow')) return
    count(stubborn, id)
    await wait(timesOver * patienceMs)
  })
  await startListener(room, broker, 'obedient', ledger, settings, async (id, signal) => {
    if (!id.startsWith('slow')) return
    count(obedient, id)
    await waitObediently(signal, timesOver * patienceMs)
  })
  await startListener(room, broker, 'neighbour', ledger, settings)

  const source = await startSource(room, url)
  await emitMany(source, ledger, slow, { prefix: 'slow' })
  await emitMany(source, ledger, (timesOver * patienceMs) / paceMs, { prefix: 'quick', window: 1, paceMs })
  const hopeless = room.broker === 'amqp' ? slow : 0
  await parkAll(broker.transport, 'obedient', ledger, hopeless)
  await ledger.settled(120_000)

  const counts = ledger.counts()
  const overdue = told.aloud.filter((line) => line.includes('reports a fault') && line.includes('delivery-overdue'))
  const lost = told.aloud.find((line) => line.includes('"state"'))
  const most = { stubborn: Math.max(...stubborn.values()), obedient: Math.max(...obedient.values()) }
  if (counts.duplicated > 0) throw new Error(`${counts.duplicated} events were handled twice`)
  if (most.stubborn > 1) throw new Error('A handler was begun again while it ran')
  if (lost !== undefined) throw new Error(`More than a channel was lost: ${lost}`)
  if (overdue.length > 0 !== hopeless > 0) throw new Error(`The overdue ones were told ${overdue.length} times`)
  // Each channel that is closed counts against one event, and takes the others along.
  const allowed = hopeless === 0 ? 1 : (delaysMs.length + 1) * slow
  if (most.obedient > allowed) throw new Error(`An event was begun ${most.obedient} times, not at most ${allowed}`)
  return { ...counts, also: { parked: hopeless, overdue: overdue.length, 'most begun': most.obedient } }
}

async function startImpatient(room: Room, patienceMs: number): Promise<PrivateBroker> {
  if (room.broker === 'nats') return room.sharedBroker()
  const broker = await room.startBroker({ config: { consumer_timeout: patienceMs } })
  // How often it looks; no line of rabbitmq.conf says that.
  await broker.ctl('eval', `application:set_env(rabbit, channel_tick_interval, ${patienceMs / 4}).`)
  return broker
}

function waitObediently(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}

/** Waits until so many are on the shelf, all of them for being overdue, and enters them in the ledger. */
async function parkAll(transport: Transport, queue: string, ledger: Ledger, count: number): Promise<void> {
  const full = async (): Promise<boolean> => ((await transport.inspect(queue))?.parked ?? 0) >= count
  await waitUntil(full, { what: `${count} events on the shelf of ${queue}`, timeoutMs: 300_000 })
  const { peeked = [] } = (await transport.inspect(queue, { peekParked: 2 * count + 1 })) ?? {}
  const other = peeked.find(({ message }) => message.headers['error-code'] !== 'delivery-overdue')
  if (other !== undefined) throw new Error(`${other.message.id} was parked: ${other.why}`)
  if (peeked.length !== count) throw new Error(`${peeked.length} events were parked, not ${count}`)
  for (const { message } of peeked) ledger.park(queue, message.id)
}
