import {
  createInbox,
  errors,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  NoRespondersError,
  TimeoutError,
} from '@nats-io/transport-node'
import type { Clock } from '@recordcast/transport'
import { InHandMap } from '@recordcast/transport/in-hand'
import { asError } from './errors.js'

/** Who waits for an answer of the broker; told once. */
export interface Receiver {
  heard(answer: Msg): void
  /** With the library's errors: nobody listens, none came in time, it could not be sent. */
  failed(error: Error): void
}

interface Waiting {
  readonly subject: string
  readonly until: number
  readonly receiver: Receiver
}

const least = 10

/*
Every copy and every ack waits for the broker's confirm. The client library makes an error with its stack, a timer and several promises for
each such request; here all of them share one inbox, their patience and a timer that runs while anything waits, and each is one
entry in the order of sending, without a promise. An answer is found by the number that its subject ends in.
*/
export class Confirms {
  readonly #nc: NatsConnection
  readonly #clock: Clock
  readonly #timeoutMs: number
  readonly #inbox = `${createInbox()}.`
  readonly #waiting = new InHandMap<number, Waiting>()
  #number = 0
  #callOff: (() => void) | undefined

  constructor(nc: NatsConnection, clock: Clock, timeoutMs: number) {
    this.#nc = nc
    this.#clock = clock
    this.#timeoutMs = timeoutMs
  }

  /** To be subscribed to before anything is sent. */
  get subject(): string {
    return `${this.#inbox}*`
  }

  send(subject: string, body: Uint8Array | string, headers: MsgHdrs | undefined, receiver: Receiver): void {
    const number = ++this.#number
    const reply = `${this.#inbox}${number}`
    try {
      this.#nc.publish(subject, body, headers === undefined ? { reply } : { reply, headers })
    } catch (error) {
      receiver.failed(asError(error))
      return
    }
    this.#waiting.set(number, { subject, until: this.#clock.now() + this.#timeoutMs, receiver })
    this.#callOff ??= this.#watch()
  }

  hear(answer: Msg): void {
    const number = Number(answer.subject.slice(this.#inbox.length))
    const waiting = this.#waiting.get(number)
    if (waiting === undefined) return
    this.#waiting.delete(number)
    if (answer.data.length > 0 || answer.headers?.code !== 503) waiting.receiver.heard(answer)
    else waiting.receiver.failed(new NoRespondersError(waiting.subject))
  }

  /** What the server says to a subject that this login may not publish to: no answer will come. */
  refuse(error: Error): void {
    if (!(error instanceof errors.PermissionViolationError)) return
    const isOurs = error.operation === 'subscription' && error.subject === this.subject
    const refused: number[] = []
    this.#waiting.each(({ subject }, number) => {
      if (isOurs || (error.operation === 'publish' && error.subject === subject)) refused.push(number)
      return true
    })
    this.#fail(refused, error)
  }

  /** None of them is answered any more. */
  rejectAll(error: Error): void {
    const all = this.#waiting.values()
    this.#waiting.clear()
    this.#callOff?.()
    this.#callOff = undefined
    for (const { receiver } of all) receiver.failed(error)
  }

  /** With a time-out each where no error is given. Whoever is told may have others told. */
  #fail(numbers: readonly number[], error?: Error): void {
    for (const number of numbers) {
      const waiting = this.#waiting.get(number)
      if (waiting === undefined) continue
      this.#waiting.delete(number)
      waiting.receiver.failed(error ?? new TimeoutError())
    }
  }

  #watch(): () => void {
    return this.#clock.after(Math.max(least, this.#timeoutMs / 20), () => {
      const now = this.#clock.now()
      const late: number[] = []
      this.#waiting.each(({ until }, number) => {
        if (until <= now) late.push(number)
        return until <= now
      })
      this.#fail(late)
      this.#callOff = this.#waiting.size > 0 ? this.#watch() : undefined
    })
  }
}
