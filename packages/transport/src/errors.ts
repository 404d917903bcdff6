/** Every code that a driver throws or reports. Stable; the messages are for people. */
export const transportErrorCodes = [
  /** The transport was closed, by its owner. Final. */
  'transport-closed',
  /** The queue is at its limit; the message was not stored. May pass. */
  'queue-full',
  /** The body is larger than `traits.maxBodyBytes`; nothing was sent. Final. */
  'payload-too-large',
  /** Too much is waiting for confirmation already. May pass. */
  'buffer-full',
  /** The broker said no, or did not answer; the message may or may not be stored. May pass. */
  'not-confirmed',
  /** The link to the broker is gone; the driver is mending it. May pass. */
  'connection-lost',
  /** Only reported, to `onError`: the queue was deleted underneath its consumer and has been made again, empty. */
  'queue-deleted',
  /** Only reported, to `onError` and as a signal's reason: the broker took a delivery back because its verdict took too long. */
  'delivery-overdue',
  /** No responder stands at that address. */
  'nobody-there',
  /** A responder stands there, but did not answer in time. */
  'request-timeout',
  /** The responder threw instead of answering. */
  'responder-failed',
  /** A name, header or option that the driver cannot carry. Final. */
  'invalid-argument',
] as const

export type TransportErrorCode = (typeof transportErrorCodes)[number]

const passing: ReadonlySet<TransportErrorCode> = new Set([
  'queue-full',
  'buffer-full',
  'not-confirmed',
  'connection-lost',
])

const marker = Symbol.for('recordcast.error')

/** What a driver throws. Carries the marker that makes it a RecordcastError to callers above. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  readonly code: TransportErrorCode

  constructor(code: TransportErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
    Object.defineProperty(this, marker, { value: true })
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  get retryable(): boolean {
    return passing.has(this.code)
  }
}
