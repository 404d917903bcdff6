import { wait, waitUntil } from '../../brokers/wait-until.js'
import { createLedger } from '../ledger.js'
import type { Outcome, Room, Scenario } from '../scenario.js'
import { type Strike, strikesOn, struck } from '../strikes.js'
import { beginWorld, emitOne, flows, type World } from '../struck-world.js'

/** Everything that the product keeps on the broker is taken away underneath it, each thing in a namespace of its own. */
export const pulledAway: Scenario = {
  number: '9',
  fault: 'queue, consumer, boards, exchange taken away underneath',
  run: pullAway,
}

interface Counts {
  /** Emits that rejected, or named the queue as gone. */
  refused: number
  /** Emits of a source that started just then and knew of no listener. */
  unseen: number
}

async function pullAway(room: Room): Promise<Outcome> {
  const { url } = await room.sharedBroker()
  const ledger = createLedger()
  const counts: Counts = { refused: 0, unseen: 0 }
  const strikes = await strikesOn(room, url)
  let aloud = 0
  const strikeOne = async (strike: Strike, index: number, round: number): Promise<number> => {
    const world = await beginWorld(room, url, strike, `${room.namespace}-${round}-${index}`, ledger)
    await flows(world, 5)
    await ledger.settled(60_000)
    if (strike.target === 'queue of a stopped listener') await world.listener.stop()
    const before = world.told.aloud.length
    await strike.act(world.space)
    const began = performance.now()
    await checks[strike.target](world, counts)
    const tookMs = performance.now() - began
    const said = world.told.aloud.slice(before)
    aloud += said.length
    room.note(`${strike.what}: ${Math.round(tookMs)} ms, ${said.length} times aloud, ${said[0]?.slice(0, 200) ?? ''}`)
    return tookMs
  }
  const times: number[] = []
  for (let round = 0; round < (room.size === 'long' ? 5 : 1); round++)
    times.push(...(await Promise.all(strikes.map((strike, index) => strikeOne(strike, index, round)))))
  await ledger.settled(60_000)
  return {
    ...ledger.counts(),
    recoveredAfterMs: Math.max(...times),
    also: { strikes: times.length, ...counts, aloud },
  }
}

/** How each strike must end: healed, or said aloud to whoever emits. */
const checks: Readonly<Record<Strike['target'], (world: World, counts: Counts) => Promise<void>>> = {
  queue: (world) => flows(world, 20),

  async retries(world) {
    const before = world.listener.stats().retried
    await flows(world, 20)
    await waitUntil(() => world.listener.stats().retried >= before + 20, { what: 'a retry of each event' })
    await world.ledger.settled(60_000)
  },

  async 'queue of a stopped listener'(world, counts) {
    const result = await emitOne(world.strike, world.source, world.ledger)
    if (result !== 'gone' || !isAloud(world, /queue of a subscribed listener is gone/))
      throw new Error(`An emit to a queue that is gone was ${result}; said was ${world.told.aloud.join('\n')}`)
    counts.refused++
    await world.listener.start()
    await flows(world, 20)
  },

  /*
  Who knew the listener goes on. A source that comes just then cannot know it before it is back on the board: it refuses, or, where the
  broker cannot list queues or the board looks whole, takes it that nobody listens; then those who watched have said what happened.
  */
  async boards(world, counts) {
    const newcomer = world.newSource()
    await flows(world, 5)
    const source = await newcomer
    const unseen = counts.unseen
    const delivers = async (): Promise<boolean> => {
      try {
        const result = await emitOne(world.strike, source, world.ledger)
        if (result === 'unseen') counts.unseen++
        return result === 'delivered'
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'registry-suspect-empty') throw error
        counts.refused++
        return false
      }
    }
    await waitUntil(delivers, { what: 'a new source to know the listener again', timeoutMs: 30_000 })
    if (counts.unseen > unseen)
      await waitUntil(() => isAloud(world, /board .* (deleted|lost facts)/), {
        what: 'it to be said',
        timeoutMs: 30_000,
      })
    await waitUntil(() => isKnown(world), { what: 'a new listener to find both sources', timeoutMs: 30_000 })
  },

  async subject(world, counts) {
    const error = await emitOne(world.strike, world.source, world.ledger).catch((thrown: Error) => thrown)
    if (!(error instanceof Error && error.message.includes(struck)))
      throw new Error(`An emit that found no stream was ${error}`)
    counts.refused++
    await world.strike.mend?.(world.space)
    await flows(world, 20)
  },
}

const isAloud = ({ told }: World, pattern: RegExp): boolean => told.aloud.some((line) => pattern.test(line))

let late = 0

/** Whether a listener that starts now asks both sources. */
async function isKnown(world: World): Promise<boolean> {
  const listener = await world.newListener(`late-${++late}`)
  const answers = await listener.start()
  if (answers.filter(({ answered }) => answered).length === 2) return true
  await listener.unsubscribe()
  await wait(200)
  return false
}
