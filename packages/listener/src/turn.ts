import type { WireEvent } from '@recordcast/protocol/wire'
import { isPromise } from '@recordcast/transport/consume'
import { type Around, type Attempted, type AttemptInput, attempt } from './attempt.js'
import { toFailure } from './failure.js'
import type { Patience } from './patience.js'
import { within } from './within.js'

/** An attempt, and in its lane still its remembrance, so that a second copy that waits behind this one finds it. */
export function takeTurn(input: AttemptInput): Attempted | Promise<Attempted> {
  const attempted = attempt(input)
  if (!(attempted instanceof Promise)) return remembered(input, attempted)
  return unlessGivenUp(attempted, input.around.patience).then((late) => remembered(input, late))
}

function remembered(input: AttemptInput, result: Attempted): Attempted | Promise<Attempted> {
  const adding = typeof result === 'object' && result.ok ? remember(input) : undefined
  return adding === undefined ? result : adding.then(() => result)
}

/** Gives a promise only if the store does. */
function remember({ around, event, key }: AttemptInput): void | Promise<void> {
  const { settings } = around
  try {
    const added = settings.dedup.add(key)
    if (isPromise(added)) {
      return within(settings.broker.clock, settings.timeoutMs, 'The dedup store', added).then(
        () => undefined,
        (error) => notRemembered(around, event, error),
      )
    }
  } catch (error) {
    notRemembered(around, event, error)
  }
}

function notRemembered({ settings }: Around, event: WireEvent, error: unknown): void {
  const details = { listener: settings.listener, event: event.id, ...toFailure(error) }
  const sentence = 'A handled event could not be remembered; a second copy would be handled again'
  settings.broker.logger.error(details, sentence)
}

/** The attempt, or 'given-up' as soon as the listener's patience ends, whatever it waits for. */
function unlessGivenUp(attempted: Promise<Attempted>, patience: Patience): Promise<Attempted> {
  return new Promise((resolve) => {
    const leave = patience.onEnd(() => resolve('given-up'))
    void attempted.then(resolve).then(leave)
  })
}
