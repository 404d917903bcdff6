import { type Delivery, TransportError } from '@recordcast/transport'
import { lateCache } from './late-cache.js'
import type { Outcome } from './settle.js'

/*
An event that the broker has taken back because its handler was too slow for it comes again. Did the handler end well all the same, the
event is remembered as handled. Did it end badly, as one that obeys its signal does, nobody hears the verdict, and the event would be
tried for the first time for ever. So its failure is kept, and the next delivery of the same attempt is settled with it.
*/
export interface Overdue {
  /** Whether the failure is kept, because its delivery was overdue. */
  keep(delivery: Delivery, outcome: Outcome): boolean
  /** The failure that is kept of this attempt, once. */
  take(delivery: Delivery): Outcome | undefined
}

const most = 10_000

export function createOverdue(): Overdue {
  const kept = lateCache<{ readonly attempt: number; readonly outcome: Outcome }>(most)
  return {
    keep(delivery, outcome) {
      // Only then: a driver makes a signal for whoever asks.
      if (outcome.ok || !isOverdue(delivery.signal)) return false
      kept.set(delivery.message.id, { attempt: delivery.attempt, outcome })
      return true
    },
    take({ message, attempt }) {
      if (kept.size === 0) return undefined
      const found = kept.get(message.id)
      kept.delete(message.id)
      return found?.attempt === attempt ? found.outcome : undefined
    },
  }
}

function isOverdue({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof TransportError && reason.code === 'delivery-overdue'
}
