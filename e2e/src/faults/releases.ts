import { createListener, type Listener, type Source } from 'recordcast'
import { wait, waitUntil } from '../brokers/wait-until.js'
import type { Ledger } from './ledger.js'
import { connectIn, thing } from './parties.js'
import type { Room } from './scenario.js'

/** The listener that is deployed. */
export const rolled = 'rolled'

/** Every event is of a kind, told by its attribute `a`: for one release alone, for both, for neither. */
const kinds = ['first', 'second', 'both', 'neither'] as const
type Kind = (typeof kinds)[number]

/** A release of the listener: what it asks for and which kinds it wants. */
export interface Release {
  readonly kind: 'first' | 'second'
  readonly attribute: 'b' | 'c'
  /** From a start() that has resolved until its last instance is about to go: what only it wants is owed to it. */
  stands: boolean
  /** Its handlers wait for this. */
  gate: Promise<void>
  /** Those that run. */
  readonly instances: { readonly listener: Listener; readonly vanish: () => Promise<void> }[]
}

export const newRelease = (kind: Release['kind']): Release => ({
  kind,
  attribute: kind === 'first' ? 'b' : 'c',
  stands: false,
  gate: Promise.resolve(),
  instances: [],
})

/** What must not be, and what is needed to account for every event. */
export interface Tally {
  /** A handler was called without an attribute that it had asked for, or with another value. */
  lacking: number
  /** A handler was called with an event that its release does not want. */
  foreign: number
  /** An emit was for a release that stood, and did not match. */
  missed: number
  /** An emit that nobody wants was put into the queue. */
  unwanted: number
  /** Events that a handler came to its end with. */
  readonly seen: Set<string>
  /** Every instance that ever was. */
  readonly listeners: Listener[]
}

/** Starts one more instance of a release, with a connection of its own. */
export async function startInstance(
  room: Room,
  url: string,
  release: Release,
  ledger: Ledger,
  tally: Tally,
): Promise<Listener> {
  const broker = await connectIn(room, url)
  const listener = createListener({ service: rolled, broker, concurrency: 2 })
  const { attribute, kind } = release
  const wanted: readonly string[] = [kind, 'both']
  listener.on(thing.changed, { attributes: ['n', 'a', attribute], where: { a: wanted } }, async (event) => {
    const data: Partial<Record<string, unknown>> = event.data
    if (data[attribute] !== `${attribute}${data.n}`) tally.lacking++
    if (!wanted.includes(String(data.a))) tally.foreign++
    await release.gate
    tally.seen.add(event.id)
    ledger.handle(String(data.a), event.id)
  })
  await listener.start()
  room.ends(() => listener.stop())
  tally.listeners.push(listener)
  release.instances.push({ listener, vanish: () => broker.close() })
  return listener
}

/** A load of all kinds in turn, until it is stopped. */
export interface Load {
  readonly emitted: number
  /** Events that reached the queue while it was open whether their release stands; each is handled or suppressed. */
  readonly loose: ReadonlySet<string>
  /** Resolves when so many more have been emitted. */
  more(count: number): Promise<void>
  /** Resolves when what was under way at the call has ended. */
  pending(): Promise<unknown>
  stop(): Promise<void>
}

export function startLoad(
  source: Source,
  releases: readonly Release[],
  ledger: Ledger,
  tally: Tally,
  paceMs: number,
): Load {
  const loose = new Set<string>()
  const underWay = new Set<Promise<void>>()
  let emitted = 0
  let over = false

  const emit = async (): Promise<void> => {
    const n = emitted++
    const kind: Kind = kinds[n % kinds.length]!
    const id = `${kind}-${n}`
    const release = releases.find((each) => each.kind === kind)
    const owed = kind === 'both' || release?.stands === true
    ledger.emit()
    const after = { n, a: kind, b: `b${n}`, c: `c${n}` }
    const { delivered } = await source.emit(thing.changed, { id: `${n % 500}`, after }, { id })
    const reached = delivered.includes(rolled)
    ledger.resolve(id, owed ? [kind] : [])
    if (owed && !reached) tally.missed++
    if (kind === 'neither' && reached) tally.unwanted++
    if (!owed && reached) loose.add(id)
  }
  const lane = async (): Promise<void> => {
    while (!over) {
      const one = emit()
      underWay.add(one)
      await one.finally(() => underWay.delete(one))
      await wait(paceMs)
    }
  }
  const lanes = Promise.all(Array.from({ length: 8 }, lane))
  lanes.catch(() => undefined)
  return {
    get emitted() {
      return emitted
    },
    loose,
    async more(count) {
      const goal = emitted + count
      const failed = lanes.then(() => undefined)
      await Promise.race([failed, waitUntil(() => emitted >= goal, { what: `${count} more emits`, everyMs: 5 })])
    },
    pending: () => Promise.all(underWay),
    async stop() {
      over = true
      await lanes
    },
  }
}
