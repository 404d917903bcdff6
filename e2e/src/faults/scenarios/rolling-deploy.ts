import type { Source } from 'recordcast'
import { waitUntil } from '../../brokers/wait-until.js'
import { createLedger, type Ledger } from '../ledger.js'
import { connectIn, startSource, thing } from '../parties.js'
import { type Load, newRelease, type Release, rolled, startInstance, startLoad, type Tally } from '../releases.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

/**
 * Instances of one release of a listener give way, one by one and under load, to those of another with other attributes and another
 * filter. The long form rolls forward and back, and every second time the last instance of the old release vanishes without a word.
 */
export const rollingDeploy: Scenario = {
  number: '8',
  fault: 'rolling deploy under load, {a,b} to {a,c}, other filters',
  run: deploy,
}

const instances = 3

interface Stage {
  readonly room: Room
  readonly url: string
  readonly source: Source
  readonly ledger: Ledger
  readonly tally: Tally
  readonly load: Load
  /** Events between two steps. */
  readonly between: number
}

async function deploy(room: Room): Promise<Outcome> {
  const long = room.size === 'long'
  const { url } = await room.sharedBroker()
  const ledger = createLedger()
  const tally: Tally = { lacking: 0, foreign: 0, missed: 0, unwanted: 0, seen: new Set(), listeners: [] }
  const source = await startSource(room, url, { recent: 200_000 })
  let from = newRelease('first')
  let to = newRelease('second')
  const releases = [from, to]
  await Promise.all(Array.from({ length: instances }, () => startInstance(room, url, from, ledger, tally)))
  from.stands = true
  const load = startLoad(source, releases, ledger, tally, long ? 2 : 20)
  const stage = { room, url, source, ledger, tally, load, between: long ? 3000 : 100 }
  const gone: number[] = []
  for (let roll = 0; roll < (long ? 6 : 1); roll++) {
    const goneMs = await rollOver(stage, from, to, roll % 2 === 1)
    gone.push(goneMs)
    room.note(`roll ${roll + 1}: ${load.emitted} emitted, the old fact went after ${Math.round(goneMs)} ms`)
    ;[from, to] = [to, from]
  }
  await load.stop()
  await ledger.settled(60_000)
  // On RabbitMQ an event that was handed back waits outside its queue, where nobody can count it.
  const left = (): number => [...load.loose].filter((id) => !tally.seen.has(id)).length
  await settled(tally, left)
  const { transport } = await connectIn(room, url)
  return counted({ ledger, tally, load }, gone, (await transport.inspect(rolled))?.parked ?? 0)
}

/** @returns milliseconds from the end of the last old instance until the source matched nothing for its release any more */
async function rollOver(stage: Stage, from: Release, to: Release, vanishes: boolean): Promise<number> {
  const { room, url, ledger, tally, load, between } = stage
  let open = (): void => undefined
  from.gate = new Promise((resolve) => {
    open = resolve
  })
  const start = () => startInstance(room, url, to, ledger, tally)
  try {
    // What waits now was made for the old release alone: it lacks an attribute of the new one.
    await load.more(between)
    const newcomer = await start()
    to.stands = true
    const has = (): boolean => {
      const { completed, handled, returned } = newcomer.stats()
      return completed > 0 && handled > 0 && returned > 0
    }
    const what = 'the first new instance to complete, handle and give back what was queued for the old release'
    await waitUntil(has, { what, timeoutMs: 30_000 })
  } finally {
    open()
  }
  const before = suppressed(tally)
  const last = from.instances.pop()
  for (const { listener } of from.instances.splice(0)) {
    await load.more(between)
    await listener.stop()
    await start()
  }
  await load.more(between)
  from.stands = false
  await load.pending()
  const isOwed = (): boolean => ledger.owed(Number.POSITIVE_INFINITY).some((key) => key.startsWith(`${from.kind} `))
  await waitUntil(() => !isOwed(), { what: `all that is owed to the release "${from.kind}": ${ledger.owed()}` })
  // Both releases stand until here, so that nothing in the queue is wanted by nobody.
  if (suppressed(tally) > before) throw new Error(`${suppressed(tally) - before} events were acked unhandled`)
  if (vanishes) await last?.vanish()
  else await last?.listener.stop()
  const began = performance.now()
  await waitUntil(() => probe(stage, from), {
    what: `the fact of the release "${from.kind}" to go`,
    everyMs: 20,
  })
  return performance.now() - began
}

/** Whether an event that only this release wants is wanted by nobody. */
async function probe({ source }: Stage, { kind }: Release): Promise<boolean> {
  const { delivered } = await source.emit(thing.changed, { id: 'probe', after: { n: -1, a: kind, b: 'b-1', c: 'c-1' } })
  return delivered.length === 0
}

/** Resolves when every event that is left was acked unhandled; throws when none more was for half a minute. */
async function settled(tally: Tally, left: () => number): Promise<void> {
  for (;;) {
    const [acked, open] = [suppressed(tally), left()]
    if (acked >= open) return
    const what = `one more than ${acked} of ${open} events that nobody wants any more to be acked`
    await waitUntil(() => suppressed(tally) > acked || left() < open, { what, timeoutMs: 30_000 })
  }
}

/** Events that were acked unhandled. */
function suppressed({ listeners }: Tally): number {
  return listeners.reduce((sum, listener) => sum + listener.stats().suppressed, 0)
}

function counted(
  { ledger, tally, load }: Pick<Stage, 'ledger' | 'tally' | 'load'>,
  gone: readonly number[],
  parked: number,
): Outcome {
  const { lacking, foreign, missed, unwanted } = tally
  const figures = { lacking, foreign, missed, unwanted, parked, loose: load.loose.size, suppressed: suppressed(tally) }
  if (lacking + foreign + missed + unwanted + parked > 0) throw new Error(`Not as promised: ${JSON.stringify(figures)}`)
  return {
    ...ledger.counts(),
    recoveredAfterMs: Math.max(...gone),
    also: { rolls: gone.length, ...figures },
  }
}
