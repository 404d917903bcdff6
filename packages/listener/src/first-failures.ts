import type { Message } from '@recordcast/transport'
import { type Failure, headerText } from './failure.js'
import { lateCache } from './late-cache.js'
import { type FirstFailure, failureText } from './settle.js'

/** Remembers when and why an event failed first, for as long as it is tried again. */
export interface FirstFailures {
  /** What stands on record for this message, or the failure at hand if there is nothing. */
  of(message: Message, failure: Failure, now: number): FirstFailure
  /** The event is done with, well or badly. */
  forget(id: string): void
}

const most = 10_000

/**
 * Where the driver carries headers from one attempt to the next they are the record, and survive this process. Where it does
 * not, the last 10,000 are kept here.
 */
export function keepFirstFailures(carriesRetryHeaders: boolean): FirstFailures {
  const kept = carriesRetryHeaders ? undefined : lateCache<FirstFailure>(most)
  return {
    of(message, failure, now) {
      const known = inHeaders(message.headers) ?? kept?.get(message.id)
      if (known) return known
      const first = { at: new Date(now).toISOString(), error: failureText(failure) }
      kept?.set(message.id, first)
      return first
    },
    forget: (id) => void kept?.delete(id),
  }
}

function inHeaders(headers: Message['headers']): FirstFailure | undefined {
  if (!Object.hasOwn(headers, 'first-failed-at')) return undefined
  const error = Object.hasOwn(headers, 'first-error') ? headers['first-error'] : undefined
  return { at: headerText(headers['first-failed-at'] ?? '', 64), error: headerText(error ?? '', 1024) }
}
