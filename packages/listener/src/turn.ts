import { type Attempted, type AttemptInput, attempt } from './attempt.js'
import { toFailure } from './failure.js'
import { isThenable } from './is-thenable.js'
import type { Patience } from './patience.js'
import { within } from './within.js'

/** An attempt, and in its lane still its remembrance, so that a second copy that waits behind this one finds it. */
export function takeTurn(input: AttemptInput): Attempted | Promise<Attempted> {
  const remembered = (result: Attempted): Attempted | Promise<Attempted> => {
    const adding = typeof result === 'object' && result.ok ? remember(input) : undefined
    return adding === undefined ? result : adding.then(() => result)
  }
  const attempted = attempt(input)
  return attempted instanceof Promise ? unlessGivenUp(attempted, input.patience).then(remembered) : remembered(attempted)
}

/** Gives a promise only if the store does. */
function remember({ settings, event, key }: AttemptInput): void | Promise<void> {
  const { clock, logger } = settings.broker
  const failed = (error: unknown): void => {
    const details = { listener: settings.listener, event: event.id, ...toFailure(error) }
    logger.error(details, 'A handled event could not be remembered; a second copy would be handled again')
  }
  try {
    const added = settings.dedup.add(key)
    if (isThenable(added)) {
      return within(clock, settings.timeoutMs, 'The dedup store', added).then(() => undefined, failed)
    }
  } catch (error) {
    failed(error)
  }
}

/** The attempt, or 'given-up' as soon as the listener's patience ends, whatever it waits for. */
function unlessGivenUp(attempted: Promise<Attempted>, patience: Patience): Promise<Attempted> {
  return new Promise((resolve) => {
    const leave = patience.onEnd(() => resolve('given-up'))
    void attempted.then(resolve).then(leave)
  })
}
