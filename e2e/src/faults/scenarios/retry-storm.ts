import type { Transport } from '@recordcast/transport'
import { replayParked } from '@recordcast/transport/replay'
import { wait, waitUntil } from '../../brokers/wait-until.js'
import { createLedger, type Ledger } from '../ledger.js'
import { connectIn, emitMany, startListener, startSource } from '../parties.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

/**
 * Every handler fails, and the broker is killed meanwhile: each event is tried as often as configured and once more a crash at
 * most, then parked. Once the handlers are well, the parked ones are replayed, each to its own listener once.
 */
export const retryStorm: Scenario = {
  number: '2',
  fault: 'broker kill -9 in a retry storm, then replay',
  run: killInStorm,
}

const settleMs = 2000
/** As docs/durability.md advises: by itself RabbitMQ looks every three minutes for retries that came due as it died. */
const advanced = { dead_letter_worker_publisher_confirm_timeout: 5000 }
// What was on its way to a listener when NATS died comes again after that time.
const shortAckWaitMs = 4000
const delaysMs = [250, 250, 250]
const quietMs = 1000
const services = ['one', 'two']

async function killInStorm(room: Room): Promise<Outcome> {
  const long = room.size === 'long'
  const count = long ? 1000 : 100
  const kills = long ? 5 : 1
  const broker = await room.startBroker({ advanced })
  const [node] = broker.nodes
  if (node === undefined) throw new Error('The broker has no node')
  const { transport } = await connectIn(room, broker.url)
  const ledger = createLedger()
  const storm = createStorm()
  for (const service of services) {
    const own = await connectIn(room, broker.url, long ? {} : { nats: { ackWaitMs: shortAckWaitMs } })
    await startListener(room, own, service, ledger, { retry: { delaysMs, jitter: 0 } }, (id) =>
      storm.attempt(`${service} ${id}`),
    )
  }
  const source = await startSource(room, broker.url)
  await wait(settleMs)

  const due = count * services.length * (delaysMs.length + 1)
  const load = emitMany(source, ledger, count)
  let slowest = 0
  for (let kill = 0; kill < kills; kill++) {
    // First as parking begins: an event then has several attempts behind it whose acks may be forgotten, and its shelf holds the first.
    const share = (due * (kill + 2)) / (kills + 3)
    if (kill === 0) await firstParked(transport)
    else await waitUntil(() => storm.attempts >= share, { what: `${share} attempts`, everyMs: 5 })
    await node.kill()
    const before = storm.attempts
    await node.restart()
    await node.whenUp()
    const up = Date.now()
    // On a busy machine all of them may have been made before the first parked one was seen.
    if (before < due) await waitUntil(() => storm.attempts > before, { what: 'attempts after the kill', everyMs: 5 })
    slowest = Math.max(slowest, Date.now() - up)
    room.note(`kill ${kill + 1} of ${kills} after ${before} attempts of ${due}`)
  }
  const { rejected } = await load
  const parked = await allParked(transport, ledger, storm, count, long ? 35_000 : 1.5 * shortAckWaitMs)
  const allowed = delaysMs.length + 1 + kills
  const { fewest, most } = storm.counts()
  if (fewest < delaysMs.length + 1) throw new Error(`An event was parked after ${fewest} attempts`)
  if (most > allowed) throw new Error(`An event was tried ${most} times, not at most ${allowed}`)

  storm.end()
  const replayed = await replayAll(transport)
  const done = count * services.length
  await waitUntil(() => ledger.counts().handled >= done, { what: `${done} replayed events to be handled` })
  const again = await replayAll(transport)
  if (again !== 0) throw new Error(`A second replay found ${again} messages`)
  const counts = ledger.counts()
  if (counts.handled !== done || counts.duplicated > 0)
    throw new Error(`Of ${done} parked, ${counts.handled} were handled, ${counts.duplicated} of them again`)
  return { ...counts, recoveredAfterMs: slowest, also: { kills, rejected, most, allowed, parked, replayed, again } }
}

function firstParked(transport: Transport): Promise<true> {
  const [service = ''] = services
  const some = async (): Promise<boolean> => ((await transport.inspect(service))?.parked ?? 0) > 0
  return waitUntil(some, { what: `the first on the shelf of ${service}`, everyMs: 20 })
}

/** Handlers that all fail, until the end. */
function createStorm() {
  const tried = new Map<string, number>()
  let attempts = 0
  let latest = 0
  let over = false
  return {
    get attempts() {
      return attempts
    },
    quietMs: () => Date.now() - latest,
    counts: () => ({ fewest: Math.min(...tried.values()), most: Math.max(...tried.values()) }),
    attempt(key: string): void {
      if (over) return
      attempts++
      latest = Date.now()
      tried.set(key, (tried.get(key) ?? 0) + 1)
      throw new Error('unwell')
    },
    end(): void {
      over = true
    },
  }
}

/**
 * Waits until everything is on its shelf, and what comes again has come; enters it in the ledger. Returns how many stand there. NATS
 * may count messages as delivered for minutes whose acks it forgot: for those it waits no longer than `againMs`.
 */
async function allParked(
  transport: Transport,
  ledger: Ledger,
  storm: ReturnType<typeof createStorm>,
  count: number,
  againMs: number,
): Promise<number> {
  let parked = 0
  for (const service of services) {
    const report = () => transport.inspect(service)
    const full = async (): Promise<boolean> => ((await report())?.parked ?? 0) >= count
    await waitUntil(full, { what: `the shelf of ${service}`, timeoutMs: 120_000 })
    const patientUntil = Date.now() + againMs
    const empty = async (): Promise<boolean> => {
      const { ready = 1, unsettled = 1 } = (await report()) ?? {}
      return ready === 0 && (unsettled === 0 || Date.now() > patientUntil)
    }
    await waitUntil(empty, { what: `the queue of ${service} to be empty`, timeoutMs: 120_000 })
  }
  await waitUntil(() => storm.quietMs() > quietMs, { what: 'the last attempt' })
  for (const service of services) {
    const { peeked = [] } = (await transport.inspect(service, { peekParked: 3 * count })) ?? {}
    parked += peeked.length
    for (const { message } of peeked) ledger.park(service, message.id)
  }
  await ledger.settled(1)
  return parked
}

async function replayAll(transport: Transport): Promise<number> {
  let sum = 0
  for (const service of services) {
    const { replayed, failed } = await replayParked(transport, service)
    if (failed[0] !== undefined) throw new Error(`${failed.length} could not be replayed`, { cause: failed[0].error })
    sum += replayed
  }
  return sum
}
