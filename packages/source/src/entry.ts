import type { CompiledPattern } from '@recordcast/matcher'
import type { ListenerFact, Subscription } from '@recordcast/protocol/control'
import type { Atom, compileAttribute } from '@recordcast/protocol/language'
import type { NameTree } from './follow.js'

/** One accepted subscription, compiled. Its identity is its key in the matcher. */
export interface Entry {
  /** `queue/set` */
  readonly key: string
  readonly fact: ListenerFact
  readonly subscription: Subscription
  readonly atoms: readonly Atom[]
  /** What the attributes read in the record as the event leaves it, and before the change. */
  readonly trees: Images<readonly NameTree[]>
  readonly filter: Filter | undefined
  readonly tenants: 'all' | ReadonlySet<string>
  /** The expressions that `when: 'selected-changed'` compares, and the links among what they read. */
  readonly compared:
    | { readonly expressions: readonly ReturnType<typeof compileAttribute>[]; readonly links: readonly string[] }
    | undefined
  readonly counts: EntryCounts
}

export interface Filter {
  /** Where links have to be loaded to decide: all of it. */
  readonly whole: CompiledPattern | undefined
  /** The conjunction that reads the event's own facts only; what the index is asked. */
  readonly now: Readonly<Record<string, unknown>> | undefined
  /** The fields that it reads, each once. */
  readonly paths: CompiledPattern['paths']
  readonly trees: Images<readonly NameTree[]>
}

export interface Images<T> {
  readonly after: T
  readonly before: T
}

export interface EntryCounts {
  /** Events of the type that had been emitted when the subscription was taken in. */
  readonly since: number
  /** Times that the index let an event through. */
  candidate: number
  /** Times that the whole filter, links loaded, then held it back. */
  heldBack: number
  delivered: number
  tenant: number
  unchanged: number
  linked: number
}
