/**
 * One error base with a closed set of codes. A code is stable: programs may branch on it; messages are for people
 * and may change. Errors of drivers carry the same marker, so `error instanceof RecordcastError` holds for both
 * foundations although neither imports the other, and across duplicated copies of this package.
 */
import { describe } from './describe.js'
import type { Problem } from './problem.js'

/** Every code that Recordcast throws or reports. */
export const errorCodes = [
  // the attribute language
  'expression-empty',
  'expression-syntax',
  'expression-unknown-scalar',
  'expression-too-deep',
  'expression-too-long',
  'too-many-expressions',
  // filters
  'invalid-pattern',
  'pattern-too-complex',
  'filter-undecided',
  // subscriptions
  'subscription-refused',
  'unknown-attribute',
  'unknown-record-type',
  'unknown-event-type',
  'attribute-denied',
  'duplicate-handler',
  'listener-name-taken',
  'no-handlers',
  // options and lifecycle
  'invalid-options',
  'unknown-scheme',
  'driver-missing',
  'not-started',
  'already-started',
  'stopped',
  // events
  'invalid-event',
  'publish-failed',
  'buffer-full',
  'payload-too-large',
  // loaders
  'loader-failed',
  'loader-timeout',
  'loader-invalid-result',
  // handling
  'handler-failed',
  'handler-timeout',
  'handler-silent',
  'attribute-missing',
  'attribute-too-costly',
  'undecodable',
  'unsupported-version',
  // announcements
  'announcement-invalid',
  'announcement-too-large',
  'announcement-unsupported-version',
  'registry-suspect-empty',
  // operators
  'invalid-request',
  'unknown-listener',
  'unknown-source',
  'unknown-message',
  'unknown-route',
  'replay-running',
  'listener-alive',
  'confirmation-required',
  'unauthorised',
  'forbidden',
  'rate-limited',
  'overloaded',
  'internal-error',
] as const

export type ErrorCode = (typeof errorCodes)[number]

const marker = Symbol.for('recordcast.error')

/** What an error says beside its sentence. All parts are optional but the code. */
export interface ErrorDetails {
  /** Where: a JSON pointer into the offending document, or an expression with a position. */
  readonly path?: string
  /** What was found there; cut to 64 characters when it is shown. */
  readonly found?: unknown
  /** What would be right, as a phrase: "a list of alternatives". */
  readonly expected?: string
  /** Names that exist and are nearest to the one that does not, best first. */
  readonly nearest?: readonly string[]
  /** Zero-based offset of the offending character in an expression. */
  readonly position?: number
  /** Every single reason, where one failure has several. */
  readonly reasons?: readonly Problem[]
  readonly cause?: unknown
}

/**
 * The one error that Recordcast throws.
 *
 * @example
 * try { await listener.start() } catch (error) {
 *   if (error instanceof RecordcastError && error.code === 'subscription-refused') console.error(error.reasons)
 * }
 */
export class RecordcastError extends Error {
  declare readonly name: string
  readonly code: ErrorCode
  // Declared, not defined: what an error does not say is no property of it, in a log neither.
  declare readonly path?: string
  declare readonly found?: string
  declare readonly expected?: string
  declare readonly nearest?: readonly string[]
  declare readonly position?: number
  declare readonly reasons?: readonly Problem[]

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    if (details.path !== undefined) this.path = details.path
    if ('found' in details) this.found = describe(details.found)
    if (details.expected !== undefined) this.expected = details.expected
    if (details.nearest !== undefined) this.nearest = details.nearest
    if (details.position !== undefined) this.position = details.position
    if (details.reasons !== undefined) this.reasons = details.reasons
    Object.defineProperty(this, marker, { value: true })
  }
}

// On the prototype, so that the first line of a stack says it.
Object.defineProperty(RecordcastError.prototype, 'name', {
  value: 'RecordcastError',
  configurable: true,
  writable: true,
})

// On the base alone: by the marker. A subclass keeps the ordinary test.
Object.defineProperty(RecordcastError, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    if (this !== RecordcastError) return Function.prototype[Symbol.hasInstance].call(this, value)
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[marker] === true
  },
})

/** Puts the marker and a code on an error of another class, such as an AggregateError. */
export function brand<E extends Error>(error: E, code: ErrorCode): E & { readonly code: ErrorCode } {
  Object.defineProperty(error, marker, { value: true })
  return Object.assign(error, { code })
}
