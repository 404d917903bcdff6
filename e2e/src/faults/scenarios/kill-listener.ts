import type { Broker, Listener } from 'recordcast'
import type { Program } from '../../brokers/process.js'
import { wait } from '../../brokers/wait-until.js'
import { endAtRest } from '../at-rest.js'
import { createLedger, type Ledger } from '../ledger.js'
import { connectIn, emitMany, startListener, startSource } from '../parties.js'
import type { ListenerSettings } from '../programs/listener.js'
import { onEffect, runProgram } from '../run-program.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

type Fate = Extract<ListenerSettings['fate'], 'before' | 'in' | 'unacked' | 'acked'>

/** A listener's process is killed at four moments of an event, while a sibling shares its queue. */
export const killListener: Scenario = {
  number: '4',
  fault: 'listener kill -9 before the handler, in it, before the ack, after the ack',
  run: killAtEachMoment,
}

/** Small enough that NATS takes a dead consumer's messages back soon. */
const ackWaitMs = 1000
/** How often the fatal event has its effect, and whether a sibling must have it. */
const owed: Readonly<Record<Fate, { readonly effects: number; readonly bySibling: boolean }>> = {
  before: { effects: 1, bySibling: true },
  in: { effects: 1, bySibling: true },
  unacked: { effects: 2, bySibling: true },
  acked: { effects: 1, bySibling: false },
}
const fates = Object.keys(owed) as Fate[]

async function killAtEachMoment(room: Room): Promise<Outcome> {
  const rounds = room.size === 'long' ? 10 : 1
  const each = room.size === 'long' ? 500 : 20
  const { url } = await room.sharedBroker()
  const ledger = createLedger()
  const source = await startSource(room, url)
  let kills = 0
  let takenOver = 0
  for (let round = 0; round < rounds; round++) {
    const pairs = await Promise.all(fates.map((fate) => startPair(room, url, ledger, fate, `${fate}${round}`)))
    const live = (): boolean => pairs.some(({ victim }) => victim.isRunning())
    for (let batch = 0; live() && batch < 20; batch++) {
      await emitMany(source, ledger, each, { prefix: `r${round}-${batch}-` })
      await ledger.settled(60_000)
    }
    for (const pair of pairs) {
      const dying = await deathOf(pair)
      await endAtRest(pair.sibling, pair.broker, pair.service)
      kills++
      if (isTakenOver(pair, dying)) takenOver++
    }
    room.note(`round ${round + 1} of ${rounds}: ${ledger.counts().handled} handled`)
  }
  const counts = ledger.counts()
  const all = counts.emitted * fates.length
  if (counts.handled !== all) throw new Error(`${counts.handled} of ${all} deliveries were handled`)
  return { ...counts, also: { kills, takenOver } }
}

/** A process that is to die and a listener here that shares its queue. */
interface Pair {
  readonly fate: Fate
  readonly service: string
  readonly victim: Program
  readonly sibling: Listener
  readonly broker: Broker
  /** The effects, one entry for each. */
  readonly byVictim: readonly string[]
  readonly bySibling: readonly string[]
}

async function startPair(room: Room, url: string, ledger: Ledger, fate: Fate, service: string): Promise<Pair> {
  const settings = { url, service, ackWaitMs, concurrency: 2, handleMs: 10, fatal: 3, fate }
  const victim = await runProgram(room, 'listener', settings)
  const byVictim: string[] = []
  const bySibling: string[] = []
  onEffect(victim, (effect) => {
    byVictim.push(effect)
    ledger.handle(service, effect)
  })
  const broker = await connectIn(room, url)
  const sibling = await startListener(room, broker, service, ledger, { concurrency: 2 }, async (id) => {
    await wait(10)
    bySibling.push(id)
  })
  return { fate, service, victim, sibling, broker, byVictim, bySibling }
}

/** Of which event it has died. */
async function deathOf({ victim, service }: Pair): Promise<string> {
  if (victim.isRunning()) throw new Error(`${service} was never killed: ${victim.complaints}`)
  const { signal } = await victim.exited
  const dying = victim.reports.find((report) => 'dying' in report)?.dying
  if (signal !== 'SIGKILL' || typeof dying !== 'string') throw new Error(`${service} did not die: ${victim.complaints}`)
  return dying
}

/** Looks at what became of the fatal event, when nothing can come any more. Returns whether the sibling had it. */
function isTakenOver({ fate, service, byVictim, bySibling }: Pair, dying: string): boolean {
  const taken = bySibling.includes(dying)
  if (taken !== owed[fate].bySibling)
    throw new Error(`${service}: the sibling ${taken ? 'handled' : 'never had'} ${dying}`)
  const effects = [...byVictim, ...bySibling].filter((id) => id === dying).length
  if (effects !== owed[fate].effects) throw new Error(`${service}: ${dying} had its effect ${effects} times`)
  return taken
}
