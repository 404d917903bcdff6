import type { WireEvent } from '@recordcast/protocol/wire'
import type { Delivery, Verdict } from '@recordcast/transport'
import type { Settings } from './check-options.js'
import type { Counts } from './counts.js'
import { keepFirstFailures } from './first-failures.js'
import { type Outcome, settle } from './settle.js'

/** Acknowledged; one object, so that it can be told by itself. */
export const acknowledged: Verdict = Object.freeze({ do: 'ack' })

/** Makes of an outcome what becomes of the delivery; counts it, and tells the log of a failure. @param event undefined for what could not be read */
export type SettleDelivery = (delivery: Delivery, event: WireEvent | undefined, outcome: Outcome) => Verdict

export function createSettleDelivery(settings: Settings, counts: Counts): SettleDelivery {
  const { clock, random, logger, transport } = settings.broker
  const firstFailures = keepFirstFailures(transport.traits.carriesRetryHeaders)
  return ({ message, attempt }, event, outcome) => {
    if (outcome.ok) {
      counts.handled++
      firstFailures.forget(message.id)
      return acknowledged
    }
    const { failure } = outcome
    const first = firstFailures.of(message, failure, clock.now())
    const verdict = settle({ outcome, attempt, policy: settings.retry, random, first })
    const details = {
      listener: settings.listener,
      event: event?.id ?? message.id,
      type: event?.type,
      attempt,
      ...failure,
    }
    counts.failed++
    if (verdict.do === 'park') {
      counts.parked++
      firstFailures.forget(message.id)
      logger.error(details, 'An event was parked')
    } else {
      counts.retried++
      logger.warn(details, 'An event could not be handled and is tried again')
    }
    return verdict
  }
}
