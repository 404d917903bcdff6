import type { TransportError } from './errors.js'

/*
The transport contract: bytes and names, no meaning. The exam in transport-testkit holds every driver to it.

publish    Puts one body into many queues. Resolves once the broker has taken charge of every copy or has given a
           reason against it: `gone` names each queue that does not exist, `failed` each that could not be reached or
           refused, with the error; every other queue has the message. Rejects only when nothing was attempted
           (closed, payload-too-large, invalid-argument). It never retries: when to try again is policy, and lives above.
           The same message id may be published again; a driver may use it to suppress the copy, but need not.
           A queue named twice gets one copy. The body is copied before publish returns: the caller may reuse it.
declare    Makes the queue if it is absent; the same declaration again does nothing. A 'durable' queue outlives
           everybody; an 'instance' queue ends with the transport that declared it, be it closed or killed, and its
           shelf with it. Declaring a queue that exists with another lifetime rejects with invalid-argument.
consume    Declares the queue, then hands out its messages, at most `concurrency` without a verdict at any moment, oldest
           first. There is exactly one verdict a delivery, as the handler's return value, at once or as a promise. A handler that throws is not
           the transport's failure: the message is delivered again, counted, after a pause of the driver's choice
           that keeps a broken handler from spinning, and reported to `onError`. So is a verdict that is none. If the
           queue is deleted underneath, the driver declares it again, goes on, and reports `onError`. Messages without
           a verdict when the process dies or the link breaks are delivered again; a verdict that comes later is ignored.
verdicts   ack     the message is done with.
           retry   delivered again not before `afterMs`, `attempt` one higher. A long wait holds up nobody else.
                   `headers` are laid over the message's own where traits.carriesRetryHeaders.
           return  put back without being counted, not before `afterMs`: for a message that another consumer of the
                   queue should have, or that a stopping consumer has not begun.
           park    a copy goes to the queue's own shelf with `why`, `headers`, attempt and time; once that is confirmed
                   the original goes. If it cannot be confirmed, the original stays and is delivered again, uncounted,
                   and `onError` is told. A driver may cut `why` after 1,000 characters.
attempt    1 + the number of earlier 'retry' verdicts and throws. A driver whose broker counts every delivery instead says
           so in traits.attemptsCount. `redelivered` is true when the message may have been seen before.
unanswered How many deliveries in a row have ended without any verdict, because a process died or a link broke. A verdict or a throw
           begins the count anew; a 'return' may say what it shall be. Absent where the broker does not tell. A driver may
           count one 'return' too many. How often is too often is policy, and lives above.
shelf      `shelfOf(queue)` is a queue like any other, made by the first park; replaying is consume(shelf) +
           publish + ack (see replay/). What is consumed from it carries the headers 'rc-why', 'rc-attempt' and
           'rc-parked-at'. Only consume and inspect take a shelf's name. Parking there keeps it on the same shelf.
announce   Broadcast with memory: the board keeps the last fact a key; null takes it away. Resolves once the board has it.
watch      First every fact that stands, then {synced} exactly once, then changes as they come, in the board's order.
           After a reconnect a driver may repeat facts, leave out states in between and so change the order among keys;
           it never misses the last state of a key, nor a removal. Taking away a key that is not there is no change.
           `see` must not throw; if it does, the change counts as seen and `onError` is told.
request    Resolves with the answer. Rejects with nobody-there at once when no responder stands at the address,
           request-timeout when one does but says nothing, responder-failed when it threw or gave no message. Several
           responders at one address share its requests. A link that breaks meanwhile rejects with connection-lost.
inspect    Counts, and on wish the oldest parked messages, disturbing no live message. undefined: no such queue.
drop       Deletes the queue, its shelf and all messages in both. Dropping an absent queue does nothing.
listQueues The durable queues of this namespace without their shelves; undefined when this broker cannot tell.
close      Takes nothing new, stops consumers as Running.stop does, confirms what is published, lets go of the connection.
           Called twice it resolves twice. Every other verb rejects with transport-closed from the moment of the call,
           and a request that is unanswered when the consumers have stopped does too.

names      Queues, boards and addresses are 1 to 200 bytes of UTF-8, keys and message ids 1 to 255, without control
           characters; a queue has no '!'. Headers are at most 16 KiB together. Anything else is an invalid-argument.

What is not a driver's job: to decode a body, to count towards a retry limit, to choose a delay, to decide what is parked, to
know what a tenant, a listener or an event is, to log.
*/
export interface Transport {
  /** The driver's short name for people: 'memory', 'amqp', 'nats'. Never branch on it: that is what `traits` are for. */
  readonly name: string
  readonly traits: Traits
  publish(queues: readonly string[], message: Message): Promise<PublishReport>
  declare(queue: string, options?: DeclareOptions): Promise<void>
  consume(queue: string, options: ConsumeOptions, handle: Handle): Promise<Running>
  announce(board: string, key: string, fact: Message | null): Promise<void>
  watch(board: string, see: (change: Change) => void, options?: WatchOptions): Promise<Running>
  request(address: string, message: Message, options: { readonly timeoutMs: number }): Promise<Message>
  respond(address: string, answer: (request: Message) => Promise<Message>): Promise<Running>
  inspect(queue: string, options?: { readonly peekParked?: number }): Promise<QueueReport | undefined>
  drop(queue: string): Promise<void>
  listQueues(): Promise<readonly string[] | undefined>
  close(): Promise<void>
}

/** What a driver or its broker does differently, as values to reckon with. */
export interface Traits {
  /** Largest body in bytes that publish takes. */
  readonly maxBodyBytes: number
  /** What a queue's messages survive: the end of the process that published, a restart of the broker. */
  readonly survives: { readonly processExit: boolean; readonly brokerRestart: boolean }
  /** 'verdicts': only retries and throws count. 'deliveries': a crash of the consumer counts as well. */
  readonly attemptsCount: 'verdicts' | 'deliveries'
  /** Whether headers given with a retry come back with the next delivery. */
  readonly carriesRetryHeaders: boolean
  /** 'exact', or the fixed delays in milliseconds to which a retry is rounded up. */
  readonly retryDelays: 'exact' | readonly number[]
}

export interface Message {
  /** Correlates confirms and returns; where the broker can suppress copies, the key for it. 1 to 255 bytes of UTF-8. */
  readonly id: string
  readonly body: Uint8Array
  /** Short texts of any characters; names of lower-case letters, digits and '-'. 'rc-' names are the drivers': taken on none. */
  readonly headers: Readonly<Record<string, string>>
}

export interface PublishReport {
  /** Queues that do not exist. */
  readonly gone: readonly string[]
  /** Queues that may not have the message, with the reason. */
  readonly failed: readonly { readonly queue: string; readonly error: TransportError }[]
}

export interface DeclareOptions {
  /** Default 'durable'. */
  readonly lifetime?: 'durable' | 'instance'
}

export interface ConsumeOptions extends DeclareOptions {
  /** Most deliveries without a verdict at any moment; a whole number, at least 1. */
  readonly concurrency: number
  /** Told of a handler that threw, a park that could not be confirmed, a queue that had to be made again. Must not throw. */
  readonly onError?: (error: Error) => void
}

export interface WatchOptions {
  readonly onError?: (error: Error) => void
}

export type Handle = (delivery: Delivery) => Verdict | Promise<Verdict>

export interface Delivery {
  readonly message: Message
  readonly attempt: number
  readonly redelivered: boolean
  /** Deliveries in a row, up to this one, that ended without a verdict; absent where the broker does not tell. */
  readonly unanswered?: number
  /**
   * Aborted when the verdict will no longer be heard: the link is gone, the consumer was stopped for good, or, with an error
   * delivery-overdue as the reason, the broker would not wait any longer for this verdict.
   */
  readonly signal: AbortSignal
  /** Whether `signal` is aborted now. A driver that makes a signal only for whoever asks tells it here without one. Absent: ask the signal. */
  readonly aborted?: boolean
}

export type Verdict =
  | { readonly do: 'ack' }
  | { readonly do: 'retry'; readonly afterMs: number; readonly why: string; readonly headers?: Message['headers'] }
  | { readonly do: 'return'; readonly afterMs: number; readonly why: string; readonly unanswered?: number }
  | { readonly do: 'park'; readonly why: string; readonly headers?: Message['headers'] }

export interface Running {
  /** Takes nothing new, waits until what runs has its verdict, then ends. Called twice it resolves twice. */
  stop(): Promise<void>
}

export type Change =
  | { readonly type: 'fact'; readonly key: string; readonly fact: Message }
  | { readonly type: 'gone'; readonly key: string }
  | { readonly type: 'synced' }

export interface QueueReport {
  /** Waiting to be delivered, now or later (retries included where the broker can tell). */
  readonly ready: number
  /** Delivered, without a verdict yet. */
  readonly unsettled: number
  readonly parked: number
  /** Whether anybody consumes it. */
  readonly attended: boolean
  /** The oldest parked messages, as many as asked for. */
  readonly peeked: readonly ParkedMessage[]
}

export interface ParkedMessage {
  /** As published, with the headers that the park verdict laid over it. */
  readonly message: Message
  readonly why: string
  readonly attempt: number
  /** ISO 8601 UTC, by the clock of the process that parked it. */
  readonly parkedAt: string
}

/** The name of a queue's own shelf of parked messages. '!' never occurs in a queue name given from above. */
export function shelfOf(queue: string): string {
  return `${queue}!parked`
}
