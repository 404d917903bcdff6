import type { Msg } from '@nats-io/transport-node'
import { TransportError } from '@recordcast/transport'
import { headersOf, parseObject } from '../envelope.js'
import type { Receiver } from '../link/confirms.js'
import { brokerCodes, isNobody, isTimeout } from '../link/errors.js'
import type { Party } from '../party.js'
import type { Target } from './target.js'

const longestLookMs = 1000

export type Stored = 'stored' | 'gone'

/** Who is told, once, what became of a copy. */
export interface Told {
  stored(outcome: Stored): void
  failed(error: unknown): void
}

interface Extra {
  readonly dedupe?: string | undefined
  readonly operation?: string | undefined
}

/**
 * Puts one copy into a stream and waits until the broker has it. 'gone' when there is no such stream. A suppressed copy
 * counts as stored: its first is. Throws queue-full, not-confirmed (the copy may be stored all the same) or connection-lost.
 */
export function store(
  party: Party,
  target: Target,
  sealed: string,
  body: Uint8Array,
  dedupe?: string,
  operation?: string,
): Promise<Stored> {
  return new Promise((stored, failed) =>
    storeThen(party, target, sealed, body, { dedupe, operation }, { stored, failed }),
  )
}

/** The same without a promise. */
export function storeThen(
  party: Party,
  target: Target,
  sealed: string,
  body: Uint8Array,
  { dedupe, operation }: Extra,
  told: Told,
): void {
  const headers = headersOf(sealed, { stream: target.stream, dedupe, operation })
  party.link.confirm(target.subject, body, headers, new Storing(party, target, told))
}

class Storing implements Receiver {
  readonly #party: Party
  readonly #target: Target
  readonly #told: Told

  constructor(party: Party, target: Target, told: Told) {
    this.#party = party
    this.#target = target
    this.#told = told
  }

  heard(answer: Msg): void {
    let outcome: Stored
    try {
      outcome = readAnswer(this.#party, this.#target, answer.string())
    } catch (error) {
      this.#told.failed(error)
      return
    }
    this.#told.stored(outcome)
  }

  failed(error: Error): void {
    unanswered(this.#party, this.#target, error).then(
      (outcome) => this.#told.stored(outcome),
      (why: unknown) => this.#told.failed(why),
    )
  }
}

/** Nobody listens on the subject: the stream is gone, or it has no leader just now. */
async function unanswered(party: Party, { stream, name }: Target, error: unknown): Promise<'gone'> {
  if (!isNobody(error)) throw error
  if (!(await exists(party, stream))) return 'gone'
  throw new TransportError('not-confirmed', `${name} has no leader at the moment; the message was not stored.`)
}

function readAnswer(party: Party, { name, stream }: Target, answer: string): Stored {
  const read = parseObject(answer)
  if (read?.stream === stream && read.error === undefined) return 'stored'
  const error = typeof read?.error === 'object' ? (read.error as Record<string, unknown> | null) : null
  const said =
    typeof error?.description === 'string' ? party.settings.scrub(error.description) : 'an answer that is none'
  if (error?.err_code === brokerCodes.wrongStream) return 'gone'
  if (/maximum (messages|bytes)/.test(said))
    throw new TransportError('queue-full', `${name} is at its limit; the message was not stored.`)
  throw new TransportError('not-confirmed', `${name} did not take the message: ${said}.`)
}

/**
 * Whether the stream stands, as far as anybody can tell. While a cluster elects a leader nobody answers, or says that there
 * is none; an answer takes milliseconds, and who publishes should not wait longer for it than the election takes.
 */
async function exists(party: Party, stream: string): Promise<boolean> {
  try {
    const { link, settings } = party
    const timeoutMs = Math.min(longestLookMs, settings.confirmTimeoutMs)
    const answer = parseObject((await link.request(`$JS.API.STREAM.INFO.${stream}`, '', timeoutMs)).string())
    const error = typeof answer?.error === 'object' ? (answer.error as Record<string, unknown> | null) : null
    return error?.err_code !== brokerCodes.streamNotFound
  } catch (error) {
    if (isTimeout(error)) return true
    throw error
  }
}
