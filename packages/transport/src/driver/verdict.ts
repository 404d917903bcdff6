import type { Verdict } from '../transport.js'
import { copyHeaders } from './message.js'
import { invalid } from './names.js'

/** What a handler returned, as a verdict with its headers copied. Throws invalid-argument when it is none. */
export function checkVerdict(given: unknown): Verdict {
  const verdict = given as Verdict | null | undefined
  switch (verdict?.do) {
    case 'ack':
      return verdict
    case 'retry': {
      const { do: verb, afterMs, why, headers } = verdict
      checkWait(afterMs)
      checkWhy(why)
      return headers === undefined
        ? { do: verb, afterMs, why }
        : { do: verb, afterMs, why, headers: copyHeaders(headers) }
    }
    case 'return':
      checkWait(verdict.afterMs)
      checkWhy(verdict.why)
      checkUnanswered(verdict.unanswered)
      return verdict
    case 'park': {
      const { do: verb, why, headers } = verdict
      checkWhy(why)
      return headers === undefined ? { do: verb, why } : { do: verb, why, headers: copyHeaders(headers) }
    }
    default:
      throw invalid("A handler returns a verdict: { do: 'ack' }, or with 'retry', 'return' or 'park' and why.")
  }
}

function checkWait(afterMs: unknown): void {
  if (!(typeof afterMs === 'number' && afterMs >= 0 && afterMs < Number.POSITIVE_INFINITY))
    throw invalid(`afterMs of a verdict is a number of milliseconds from 0, not ${String(afterMs)}.`)
}

function checkUnanswered(unanswered: unknown): void {
  if (unanswered === undefined || (Number.isSafeInteger(unanswered) && Number(unanswered) >= 0)) return
  throw invalid(`unanswered of a verdict is a whole number from 0, not ${String(unanswered)}.`)
}

function checkWhy(why: unknown): void {
  if (typeof why !== 'string') throw invalid(`why of a verdict is text, not ${typeof why}.`)
}
