import { toProblem } from '@recordcast/protocol/errors'
import type { ControlAnswer } from '@recordcast/protocol/requests'
import type { Emitted } from './emitted.js'
import type { Entry } from './entry.js'
import type { Wanting } from './match.js'
import type { Body } from './plan.js'
import type { Projection } from './project.js'

/** What became of an event at one queue, as operators are told. */
export type QueueOutcome = Extract<ControlAnswer, { kind: 'decisions' }>['decisions'][number]['outcomes'][number]

/** Why a candidate does not get an event. */
export type Reason = 'filter' | 'tenant' | 'unchanged'

/** A body and the queues that got it. */
interface Delivered {
  readonly queues: readonly string[]
  readonly bytes: number
}

const most = 64
const nobody: readonly Entry[] = []
const nowhere: readonly string[] = []
const origin = Date.now()
/** Of most events nothing is asked: they share it, and it stays empty. */
const noOutcomes: QueueOutcome[] = []

/*
What is decided about one event, noted as it goes its way: `held` for each candidate that drops out, then `concluded` or `failed`. Until then the rest is pending. Only
the first 64 queues are listed, so a crowd costs no more than a few.
*/
export class Decision {
  readonly emitted: Emitted
  /** Milliseconds after the origin: a small number, which needs no object of its own. */
  readonly #began: number
  #outcomes: QueueOutcome[] = noOutcomes
  #more = 0
  /** Those of whom nothing is known yet; let go at the end, for a crowd is large. */
  #pending: readonly Entry[] = nobody
  /** What became of the deliveries. Written down when somebody asks: a crowd's would be an object each, for every event. The bodies are the plan's own. */
  #bodies: readonly Pick<Body, 'queues'>[] | undefined
  /** Of each body; a number where there is but one. */
  #bytes: number | readonly number[] = 0
  #gone: readonly string[] = nowhere
  #ms = 0

  /** @param began milliseconds */
  constructor(emitted: Emitted, began: number) {
    this.emitted = emitted
    this.#began = began - origin
  }

  held({ fact }: Entry, outcome: Reason): void {
    this.#list({ queue: fact.queue, outcome })
  }

  candidates(entries: readonly Entry[]): void {
    this.#pending = entries
  }

  /** The filters have been decided whole. */
  decided(wanting: readonly Wanting[]): void {
    const still = wanting.map(({ entry }) => entry)
    if (still.length < this.#pending.length) {
      const left = new Set(still)
      for (const entry of this.#pending) if (!left.has(entry)) this.held(entry, 'filter')
    }
    this.#pending = still
  }

  /** @param bodies of the plan, each with its projection */
  concluded(
    bodies: readonly Pick<Body, 'queues'>[],
    projections: readonly Projection[],
    gone: readonly string[],
    now: number,
  ): void {
    const sizeOf = ({ message }: Projection): number => message.body.length
    this.#pending = nobody
    this.#bodies = bodies
    this.#bytes = projections.length === 1 ? sizeOf(projections[0]!) : projections.map(sizeOf)
    this.#gone = gone
    this.#ms = Math.max(0, now - origin - this.#began)
  }

  /** Each error of an AggregateError names a queue that does not have the event, its `gone` those that are not there; any other error stands for all queues. */
  failed(error: unknown, now: number): void {
    const ms = Math.max(0, now - origin - this.#began)
    const errors = error instanceof AggregateError ? (error.errors as readonly unknown[]) : []
    const byQueue = new Map(errors.map((each) => [String((each as { path?: unknown } | null)?.path), each]))
    const why = (queue: string): unknown => (byQueue.size === 0 ? error : byQueue.get(queue))
    const queues = new Set(this.#pending.map(({ fact }) => fact.queue))
    const gone: unknown = (error as { gone?: unknown } | null | undefined)?.gone
    this.#settle([{ queues: [...queues], bytes: 0 }], (queue) => {
      if (Array.isArray(gone) && gone.includes(queue)) return { queue, outcome: 'gone' }
      const thrown = why(queue)
      if (thrown === undefined) return { queue, outcome: 'delivered', ms }
      return { queue, outcome: 'failed', ms, problem: plainProblem(thrown) }
    })
  }

  outcomes(): { readonly outcomes: readonly QueueOutcome[]; readonly more: number } {
    this.#writeDown()
    const pending = new Set(this.#pending.map(({ fact }) => fact.queue))
    const all = [
      ...this.#outcomes.filter(({ queue }) => !pending.has(queue)),
      ...Array.from(pending, (queue): QueueOutcome => ({ queue, outcome: 'pending' })),
    ]
    return { outcomes: all.slice(0, most), more: this.#more + Math.max(0, all.length - most) }
  }

  #writeDown(): void {
    const bodies = this.#bodies
    if (bodies === undefined) return
    this.#bodies = undefined
    const [bytes, gone, ms] = [this.#bytes, this.#gone, this.#ms]
    const sized = bodies.map(({ queues }, at) => ({ queues, bytes: typeof bytes === 'number' ? bytes : bytes[at]! }))
    this.#settle(sized, (queue, size) =>
      gone.includes(queue) ? { queue, outcome: 'gone' } : { queue, outcome: 'delivered', ms, bytes: size },
    )
  }

  #settle(bodies: readonly Delivered[], outcomeOf: (queue: string, bytes: number) => QueueOutcome): void {
    this.#pending = nobody
    // Of two sets on one queue the one that wants the event decides.
    if (this.#outcomes.length > 0) {
      const settled = new Set(bodies.flatMap(({ queues }) => queues))
      this.#outcomes = this.#outcomes.filter(({ queue }) => !settled.has(queue))
    }
    for (const { queues, bytes } of bodies) {
      const room = Math.max(0, most - this.#outcomes.length)
      for (const queue of queues.slice(0, room)) this.#push(outcomeOf(queue, bytes))
      this.#more += Math.max(0, queues.length - room)
    }
  }

  #list(outcome: QueueOutcome): void {
    if (this.#outcomes.length < most) this.#push(outcome)
    else this.#more++
  }

  #push(outcome: QueueOutcome): void {
    if (this.#outcomes === noOutcomes) this.#outcomes = []
    this.#outcomes.push(outcome)
  }
}

/** Why, as it may travel: within the bounds of the wire. */
function plainProblem(thrown: unknown): NonNullable<QueueOutcome['problem']> {
  const { nearest, ...rest } = toProblem(thrown)
  return { ...rest, ...(nearest && { nearest: [...nearest] }) }
}
