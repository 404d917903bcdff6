import type { ListenerFact, PauseFact, SourceFact } from '@recordcast/protocol/control'

/** A fact that did not parse, kept for the operator. */
export interface SetAside {
  readonly board: string
  readonly key: string
  readonly code: string
  readonly message: string
}

/**
 * Everything announced, at one moment. Never changes; the next change makes another one, so whoever holds a snapshot sees
 * one consistent state for as long as it likes.
 */
export interface Snapshot<L = ListenerFact> {
  /** Counts the snapshots of this registry; higher is later. */
  readonly revision: number
  /** By `queue/set`. */
  readonly listeners: ReadonlyMap<string, L>
  /** By `service/instance`, both encoded. */
  readonly sources: ReadonlyMap<string, SourceFact>
  /** By queue; empty unless the registry was opened with `keepPause`. */
  readonly pauses: ReadonlyMap<string, PauseFact>
  /** By `board:key`. A fact that stood under that key before is still among the others. */
  readonly setAside: ReadonlyMap<string, SetAside>
}

/** What changed from one snapshot to the next. */
export interface Difference<L = ListenerFact> {
  readonly before: Snapshot<L>
  readonly after: Snapshot<L>
  /** Keys of listener facts that came, changed or went, and no others. Empty when a fact was only set aside or repeated. */
  readonly listeners: ReadonlySet<string>
  readonly sources: ReadonlySet<string>
  /** Queues. */
  readonly pauses: ReadonlySet<string>
}

export function emptySnapshot<L>(): Snapshot<L> {
  return Object.freeze({
    revision: 0,
    listeners: new Map(),
    sources: new Map(),
    pauses: new Map(),
    setAside: new Map(),
  })
}
