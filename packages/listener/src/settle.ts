import type { Message, Verdict } from '@recordcast/transport'
import { type Failure, headerText } from './failure.js'

/** When to try again: attempts are delays + 1. */
export interface RetryPolicy {
  readonly delaysMs: readonly number[]
  /** 0 to 1: the share by which a delay is varied to either side. */
  readonly jitter: number
}

/** What is kept of the first attempt that failed. */
export interface FirstFailure {
  /** ISO 8601 UTC. */
  readonly at: string
  readonly error: string
}

export type Outcome = { readonly ok: true } | { readonly ok: false; readonly failure: Failure }

export interface SettleInput {
  readonly outcome: Outcome
  /** From 1. */
  readonly attempt: number
  readonly policy: RetryPolicy
  readonly random: () => number
  /** Of this event; the present failure itself if it is the first. */
  readonly first: FirstFailure
}

const longestWait = 2 ** 31 - 1
const largest = { error: 1024, stack: 4096 } as const

/** Decides what becomes of a delivery. Pure but for the dice. */
export function settle({ outcome, attempt, policy, random, first }: SettleInput): Verdict {
  if (outcome.ok) return { do: 'ack' }
  const { failure } = outcome
  const why = failureText(failure)
  const delay = policy.delaysMs[attempt - 1]
  if (delay !== undefined && !failure.hopeless) {
    const varied = Math.round(delay * (1 + policy.jitter * (2 * random() - 1)))
    return { do: 'retry', afterMs: Math.min(longestWait, varied), why, headers: firstHeaders(first) }
  }
  return {
    do: 'park',
    why,
    headers: {
      'error-code': failure.code,
      'error-message': headerText(failure.message, largest.error),
      'error-stack': headerText(failure.stack, largest.stack),
      attempts: String(attempt),
      ...firstHeaders(first),
    },
  }
}

/** An error as one text: code and message. */
export function failureText({ code, message }: Failure): string {
  return headerText(`${code}: ${message}`, largest.error)
}

function firstHeaders({ at, error }: FirstFailure): Message['headers'] {
  return { 'first-failed-at': at, 'first-error': error }
}
