import type { Decision } from './decision.js'
import type { Topic } from './directory.js'
import type { Emitted } from './emitted.js'
import type { Steps } from './observe.js'
import type { Turn } from './turns.js'

/** Who is told what becomes of an event, if anybody is. */
export interface Told {
  readonly decision: Decision | undefined
  readonly steps: Steps | undefined
}

/** An event on its way to those who may want it. */
export class Sending {
  readonly emitted: Emitted
  readonly topic: Topic
  readonly turn: Turn
  readonly decision: Decision | undefined
  readonly steps: Steps | undefined
  /** What it takes of the window while it is published. */
  bytes = 0
  copies = 0
  readonly #done: () => void
  #over = false

  /** @param done what to call when it is in its queues or has failed */
  constructor(emitted: Emitted, topic: Topic, turn: Turn, done: () => void, { decision, steps }: Told) {
    this.emitted = emitted
    this.topic = topic
    this.turn = turn
    this.#done = done
    this.decision = decision
    this.steps = steps
  }

  /** Called again it does nothing. */
  end(): void {
    if (this.#over) return
    this.#over = true
    this.turn.done()
    this.#done()
  }
}
