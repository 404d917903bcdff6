import type { AttemptInput } from './attempt.js'
import { complete } from './complete.js'

/** Asks the sources for what the event of an attempt lacks. */
export async function ask(input: AttemptInput, attributes: readonly string[], filter?: readonly (readonly string[])[]) {
  const { event } = input
  const { settings, sources, counts } = input.around
  const { broker, askTimeoutMs: timeoutMs } = settings
  const { transport } = broker
  const answer = await complete({
    transport,
    sources: sources(),
    event,
    attributes,
    timeoutMs,
    ...(filter && { filter }),
  })
  counts.completed++
  return answer
}
