import type { Change, Message, Running } from '@recordcast/transport'
import type { WatchOptions } from '@recordcast/transport/driver'
import { heldFor } from './faults.js'
import type { Ground } from './ground.js'
import { never, type Party } from './party.js'

const mostInOneTurn = 500

/** Broadcast with memory: the last fact a key, in the order of their last change. */
export class Board {
  readonly name: string
  readonly facts = new Map<string, Message>()
  readonly watchers = new Set<Watcher>()
  readonly #ground: Ground

  constructor(ground: Ground, name: string) {
    this.#ground = ground
    this.name = name
  }

  get empty(): boolean {
    return this.facts.size === 0 && this.watchers.size === 0
  }

  set(key: string, fact: Message | null): void {
    const stood = this.facts.delete(key)
    if (fact !== null) this.facts.set(key, fact)
    else if (!stood) return
    for (const watcher of this.watchers) watcher.changed(key)
  }

  watch(party: Party, see: (change: Change) => void, options: WatchOptions | undefined): Watcher {
    const watcher = new Watcher(this.#ground, this, party, see, options)
    this.watchers.add(watcher)
    party.watchers.add(watcher)
    watcher.list()
    watcher.synced()
    return watcher
  }
}

/*
What a watcher is yet to see is a list of changes in the board's order. Only a fault takes a change out of it: then the
key is looked up again when the fault has passed, so that what comes late is the last state and never an old one.
*/
export class Watcher implements Running {
  readonly #ground: Ground
  readonly #board: Board
  readonly #party: Party
  readonly #see: (change: Change) => void
  readonly #onError: ((error: Error) => void) | undefined
  readonly #held = new Set<() => void>()
  #coming: Change[] = []
  #flushing = false
  #over = false

  constructor(
    ground: Ground,
    board: Board,
    party: Party,
    see: (change: Change) => void,
    options: WatchOptions | undefined,
  ) {
    this.#ground = ground
    this.#board = board
    this.#party = party
    this.#see = see
    this.#onError = options?.onError
  }

  /** Every fact that stands: at the start, and again after the link broke. */
  list(): void {
    for (const key of this.#board.facts.keys()) this.#add(key)
  }

  synced(): void {
    this.#push({ type: 'synced' })
  }

  changed(key: string): void {
    const { faults, random, clock } = this.#ground
    const fate = faults.change?.(this.#board.name, key)
    const held = heldFor(fate, random, 'relist')
    if (typeof held !== 'number') {
      this.#add(key)
      if (fate === 'duplicate') this.#add(key)
      return
    }
    const callOff = clock.after(held, () => {
      this.#held.delete(callOff)
      this.#add(key)
    })
    this.#held.add(callOff)
  }

  stop(): Promise<void> {
    if (this.#over && this.#party.state !== 'killed') return Promise.resolve()
    this.#ground.crash(this.#party, 'stop', 'before', this.#board.name)
    this.end()
    this.#ground.crash(this.#party, 'stop', 'after', this.#board.name)
    return this.#party.state === 'killed' ? never() : Promise.resolve()
  }

  end(): void {
    if (this.#over) return
    this.#over = true
    this.#coming = []
    for (const callOff of this.#held) callOff()
    this.#held.clear()
    this.#board.watchers.delete(this)
    this.#party.watchers.delete(this)
    this.#party.space.tidy(this.#board)
  }

  #add(key: string): void {
    const fact = this.#board.facts.get(key)
    this.#push(fact === undefined ? { type: 'gone', key } : { type: 'fact', key, fact })
  }

  #push(change: Change): void {
    this.#coming.push(change)
    if (this.#flushing) return
    this.#flushing = true
    this.#ground.turns.soon(() => this.#flush())
  }

  #flush(): void {
    this.#flushing = false
    const now = this.#coming.splice(0, mostInOneTurn)
    for (const change of now) {
      if (this.#over) return
      this.#party.guard(() => this.#see(copied(change)), this.#onError)
    }
    if (this.#coming.length === 0 || this.#flushing) return
    this.#flushing = true
    this.#ground.turns.soon(() => this.#flush())
  }
}

function copied(change: Change): Change {
  if (change.type !== 'fact') return change
  const { id, body, headers } = change.fact
  return { ...change, fact: { id, body: new Uint8Array(body), headers } }
}
