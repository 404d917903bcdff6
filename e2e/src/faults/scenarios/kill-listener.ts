import type { Transport } from '@recordcast/transport'
import { waitUntil } from '../../brokers/wait-until.js'
import { createLedger, type Ledger } from '../ledger.js'
import { connectIn, emitMany, startListener, startSource } from '../parties.js'
import type { ListenerSettings } from '../programs/listener.js'
import { onEffect, runProgram } from '../run-program.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

type Source = Awaited<ReturnType<typeof startSource>>
type Fate = NonNullable<ListenerSettings['fate']>

/** A listener's process is killed at four moments of an event, while a sibling shares its queue. */
export const killListener: Scenario = {
  number: '4',
  open: { amqp: 'written, not yet shown', nats: 'written, not yet shown' },
  fault: 'listener kill -9 before the handler, in it, before the ack, after the ack',
  run: killAtEachMoment,
}

/** A listener's process stands still until others have its events, and then comes to again. */
export const freezeListener: Scenario = {
  number: '4b',
  open: { amqp: 'written, not yet shown', nats: 'written, not yet shown' },
  fault: 'listener frozen past its deadline and revived',
  run: freeze,
}

/** Small enough that NATS takes a dead consumer's messages back soon. */
const ackWaitMs = 1000
const fates: readonly Fate[] = ['before', 'in', 'unacked', 'acked']

async function killAtEachMoment(room: Room): Promise<Outcome> {
  const rounds = room.size === 'long' ? 10 : 1
  const each = room.size === 'long' ? 500 : 20
  const broker = await room.sharedBroker()
  const ledger = createLedger()
  const source = await startSource(room, broker.url)
  let kills = 0
  let takenOver = 0
  for (let round = 0; round < rounds; round++) {
    await Promise.all(
      fates.map(async (fate) => {
        await dieOnce(room, broker.url, source, ledger, { fate, service: `${fate}${round}`, each })
        kills++
        if (fate !== 'acked') takenOver++
      }),
    )
    await ledger.settled(60_000)
    room.note(`round ${round + 1} of ${rounds}: ${ledger.counts().handled} handled`)
  }
  return { ...ledger.counts(), also: { kills, takenOver } }
}

interface Death {
  readonly fate: Fate
  readonly service: string
  readonly each: number
}

/** Has a process die of one event, and looks at what became of that one. */
async function dieOnce(room: Room, url: string, source: Source, ledger: Ledger, { fate, service, each }: Death) {
  const victim = await runProgram(room, 'listener', {
    url,
    service,
    ackWaitMs,
    concurrency: 2,
    handleMs: 10,
    fatal: 3,
    fate,
  })
  const byVictim: string[] = []
  const bySibling: string[] = []
  onEffect(victim, (effect) => {
    byVictim.push(effect)
    ledger.handle(service, effect)
  })
  const sibling = await connectIn(room, url)
  const { transport } = sibling
  await startListener(room, sibling, service, ledger, { concurrency: 2 }, async (id) => {
    await new Promise((resolve) => setTimeout(resolve, 10))
    bySibling.push(id)
  })
  for (let batch = 0; victim.isRunning() && batch < 20; batch++) {
    await emitMany(source, ledger, each, { prefix: `${service}-${batch}-` })
    await ledger.settled(60_000)
  }
  const { signal } = await victim.exited
  const dying = victim.reports.find((report) => 'dying' in report)?.dying
  if (signal !== 'SIGKILL' || typeof dying !== 'string') throw new Error(`${service} did not die: ${victim.complaints}`)
  if (fate !== 'acked')
    await waitUntil(() => bySibling.includes(dying), { what: `the sibling of ${service} to have ${dying}` })
  await waitUntil(() => isEmpty(transport, service), { what: `${service} to be empty` })
  const effects = [...byVictim, ...bySibling].filter((id) => id === dying).length
  const taken = bySibling.includes(dying)
  if (taken !== (fate !== 'acked'))
    throw new Error(`${service}: the sibling ${taken ? 'handled' : 'never had'} ${dying}`)
  if (effects !== (fate === 'unacked' ? 2 : 1)) throw new Error(`${service}: ${dying} had its effect ${effects} times`)
}

async function freeze(room: Room): Promise<Outcome> {
  const rounds = room.size === 'long' ? 10 : 1
  const broker = await room.sharedBroker()
  const ledger = createLedger()
  const source = await startSource(room, broker.url)
  const { transport } = await connectIn(room, broker.url)
  const impatient = room.broker === 'amqp' ? `${broker.url}?heartbeat=1` : broker.url
  let slowest = 0
  let revived = 0
  for (let round = 0; round < rounds; round++) {
    const service = `frozen${round}`
    const settings = {
      url: impatient,
      service,
      ackWaitMs,
      concurrency: 2,
      handleMs: 10,
      fatal: 1,
      fate: 'hold',
    } as const
    const victim = await runProgram(room, 'listener', settings)
    const effects: string[] = []
    onEffect(victim, (effect) => {
      effects.push(effect)
      ledger.handle(service, effect)
    })
    await emitMany(source, ledger, 1, { prefix: `held${round}-` })
    const { began } = await victim.next((report) => 'began' in report)
    await startListener(room, broker.url, service, ledger, { concurrency: 2 })
    victim.pause()
    await emitMany(source, ledger, 20, { prefix: `frozen${round}-` })
    // The sibling has the event that the frozen one holds.
    await ledger.settled(60_000)
    const since = Date.now()
    victim.resume()
    victim.tell({ goOn: true })
    await victim.next(({ aborted }) => aborted === began)
    const before = effects.length
    for (let batch = 0; effects.length === before && batch < 50; batch++) {
      await emitMany(source, ledger, 20, { prefix: `revived${round}-${batch}-` })
      await ledger.settled(60_000)
    }
    if (effects.length === before)
      throw new Error(`${service} was revived and handled nothing more: ${victim.complaints}`)
    slowest = Math.max(slowest, Date.now() - since)
    if (effects.includes(String(began))) throw new Error(`${service} went on with ${began}, which its sibling had`)
    if (!victim.isRunning()) throw new Error(`${service} did not survive: ${victim.complaints}`)
    revived++
    await waitUntil(() => isEmpty(transport, service), { what: `${service} to be empty` })
    const parked = (await transport.inspect(service))?.parked
    if (parked !== 0) throw new Error(`${service}: ${parked} events were parked`)
    await victim.kill('SIGTERM')
  }
  const { duplicated } = ledger.counts()
  if (duplicated > 0) throw new Error(`${duplicated} events were handled twice after a revival`)
  return { ...ledger.counts(), recoveredAfterMs: slowest, also: { revived } }
}

async function isEmpty(transport: Transport, queue: string): Promise<boolean> {
  const report = await transport.inspect(queue)
  return report !== undefined && report.ready + report.unsettled === 0
}
