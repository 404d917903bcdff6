import type { CompiledPattern } from '@recordcast/matcher'
import type { Subscription } from '@recordcast/protocol/control'
import type { Atom, compileAttribute } from '@recordcast/protocol/language'
import type { Announced } from './announced.js'
import type { NameTree } from './follow.js'

/** What is made of an accepted subscription. */
export interface Compiled {
  readonly selected: Selected
  readonly filter: Filter | undefined
  readonly tenants: 'all' | readonly string[] | ReadonlySet<string>
  /** The expressions that `when: 'selected-changed'` compares, and the links among what they read. */
  readonly compared:
    | { readonly expressions: readonly ReturnType<typeof compileAttribute>[]; readonly links: readonly string[] }
    | undefined
}

/** One accepted subscription. Its identity is its key in the matcher. There may be very many, so it holds little that is its own. */
export class Entry implements Compiled {
  /** `queue/set` */
  readonly key: string
  readonly fact: Announced
  readonly subscription: Subscription
  readonly selected: Selected
  readonly filter: Filter | undefined
  readonly tenants: Compiled['tenants']
  readonly compared: Compiled['compared']
  /** Events of the type that had been emitted when the subscription was taken in. */
  readonly since: number
  private counted: EntryCounts | undefined = undefined

  constructor(key: string, fact: Announced, subscription: Subscription, compiled: Compiled, since: number) {
    this.key = key
    this.fact = fact
    this.subscription = subscription
    this.selected = compiled.selected
    this.filter = compiled.filter
    this.tenants = compiled.tenants
    this.compared = compiled.compared
    this.since = since
  }

  get atoms(): readonly Atom[] {
    return this.selected.atoms
  }

  get trees(): Images<readonly NameTree[]> {
    return this.selected.trees
  }

  /** To be counted up: made for the first event that gets as far as here. */
  get counts(): EntryCounts {
    this.counted ??= { candidate: 0, heldBack: 0, delivered: 0, tenant: 0, unchanged: 0, linked: 0 }
    return this.counted
  }

  /** To be read. */
  get told(): Readonly<EntryCounts> {
    return this.counted ?? nothingYet
  }
}

/** The attributes of a subscription, and what they read in the record as the event leaves it, and before the change. */
export interface Selected {
  readonly atoms: readonly Atom[]
  readonly trees: Images<readonly NameTree[]>
}

export interface Filter {
  /** Where links have to be loaded to decide: all of it. */
  readonly whole: CompiledPattern | undefined
  /** Whether a conjunction reads the event's own facts only; that is what the index is asked. */
  readonly indexed: boolean
  /** The fields that it reads, each once. */
  readonly paths: CompiledPattern['paths']
  readonly trees: Images<readonly NameTree[]>
}

export interface Images<T> {
  readonly after: T
  readonly before: T
}

export interface EntryCounts {
  /** Times that the index let an event through. */
  candidate: number
  /** Times that the whole filter, links loaded, then held it back. */
  heldBack: number
  delivered: number
  tenant: number
  unchanged: number
  linked: number
}

const nothingYet: Readonly<EntryCounts> = Object.freeze({
  candidate: 0,
  heldBack: 0,
  delivered: 0,
  tenant: 0,
  unchanged: 0,
  linked: 0,
})
