import { protocolVersion } from '@recordcast/protocol/control'
import { announcePause, withdrawPause } from '@recordcast/registry/operator'
import { setsOf } from './board/by-queue.js'
import type { Context } from './parts/context.js'
import type { Shape } from './shapes/index.js'

/** How long the board may take to show what was written. */
const shownMs = 5000

/** Has no instance consume the queue, until it is resumed. Again does nothing. @throws RecordcastError unknown-listener */
export async function pause(context: Context, queue: string, by: string): Promise<Shape<'pause'>> {
  const { broker, registry } = context
  setsOf(registry.snapshot(), queue)
  const standing = context.pauseOf(queue)
  if (standing === undefined) {
    const since = new Date(broker.clock.now()).toISOString()
    await announcePause(broker.transport, { v: protocolVersion, kind: 'pause', queue, since, by: by.slice(0, 256) })
    await registry.until(({ pauses }) => pauses.has(queue), shownMs)
  }
  const { since, by: whose } = context.pauseOf(queue) ?? {}
  return {
    queue,
    paused: since !== undefined,
    ...(since !== undefined && { since }),
    ...(whose !== undefined && { by: whose }),
  }
}

/** Ends a pause, also one of a listener that has gone. Again does nothing. @throws RecordcastError unknown-listener */
export async function resume(context: Context, queue: string): Promise<Shape<'pause'>> {
  const { broker, registry } = context
  if (context.pauseOf(queue) === undefined) setsOf(registry.snapshot(), queue)
  else {
    await withdrawPause(broker.transport, queue)
    await registry.until(({ pauses }) => !pauses.has(queue), shownMs)
  }
  return { queue, paused: context.pauseOf(queue) !== undefined }
}
