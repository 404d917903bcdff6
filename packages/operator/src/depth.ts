import type { QueueReport } from '@recordcast/transport'
import { tell } from './parts/ask-many.js'
import type { Context } from './parts/context.js'
import type { Shape } from './shapes/index.js'

type Problem = Shape<'problem'>
type Depth = NonNullable<Shape<'listenerRow'>['depth']>

/** The state of a queue: its counts, that it is not there, or why nobody can tell. Never rejects. */
export async function depthOf(
  { broker, gate }: Context,
  queue: string,
): Promise<{ depth: Depth } | { missing: true } | { problem: Problem }> {
  const told = await tell(() => gate(() => broker.transport.inspect(queue)))
  if (told.problem !== undefined) return { problem: told.problem }
  return told.value === undefined ? { missing: true } : { depth: toDepth(told.value) }
}

export function toDepth({ ready, unsettled, parked, attended }: QueueReport): Depth {
  return { ready, unsettled, parked, attended }
}
