import { type Names, tokenOf } from '../names.js'

/** Where a copy is to be stored. */
export interface Target {
  readonly stream: string
  readonly subject: string
  /** What people call it. */
  readonly name: string
}

/** A queue as it is published to. */
export interface QueueTarget extends Target {
  /** What its copies' keys for suppression end in. */
  readonly token: string
}

const mostKept = 10_000

/** The targets of the queues that are published to, worked out once each. */
export class Targets {
  readonly #names: Names
  readonly #known = new Map<string, QueueTarget>()

  constructor(names: Names) {
    this.#names = names
  }

  of(queue: string): QueueTarget {
    const known = this.#known.get(queue)
    if (known !== undefined) return known
    const { stream, subject } = this.#names
    const name = `The queue ${queue}`
    const target = { stream: stream(queue), subject: subject(queue), name, token: tokenOf(queue) }
    if (this.#known.size >= mostKept) this.#known.clear()
    this.#known.set(queue, target)
    return target
  }
}
