import type { Channel, ConfirmChannel } from 'amqplib'
import { ignore, replyCode } from '../errors.js'
import type { Line } from './dial.js'
import { bury, clearGraves } from './graves.js'

/** With what the broker closes a channel over which an ack is overdue. */
export const preconditionFailed = 406

/** A channel with its end as a promise. Nothing that amqplib emits or throws about it goes unheard. */
export interface Opened<C extends Channel = Channel> {
  readonly channel: C
  readonly line: Line
  readonly closed: boolean
  /** Resolves when the channel or its connection is gone, with the reason where there is one. */
  readonly ended: Promise<Error | undefined>
  /** Closes it and waits until it is closed; never rejects. */
  close(): Promise<void>
}

export function openChannel(line: Line, kind: 'plain'): Promise<Opened<Channel>>
export function openChannel(line: Line, kind: 'confirm'): Promise<Opened<ConfirmChannel>>
export async function openChannel(line: Line, kind: 'plain' | 'confirm'): Promise<Opened> {
  // amqplib queues without bound; few frames of its own leave the bound to the kernel and to our window.
  const options = { highWaterMark: 64 }
  const { model } = line
  clearGraves(model)
  const channel = await (kind === 'plain' ? model.createChannel(options) : model.createConfirmChannel(options))
  let reason: Error | undefined
  let closed = false
  channel.on('error', (error) => {
    reason ??= error
  })
  const ended = new Promise<Error | undefined>((resolve) => {
    const end = (): void => {
      closed = true
      resolve(reason)
    }
    const leave = line.onLost((error) => {
      reason ??= error
      end()
    })
    channel.on('close', () => {
      leave()
      if (replyCode(reason) === preconditionFailed) bury(model, (channel as { ch?: unknown }).ch)
      end()
    })
  })
  // The connection may have gone before there was anybody to hear it.
  if (line.dead) closed = true
  return {
    channel,
    line,
    get closed() {
      return closed || line.dead
    },
    ended,
    async close() {
      if (closed || line.dead) return
      quietly(() => channel.close())
      await ended
    },
  }
}

/** Runs what throws when the channel is gone already, which then does not matter. Returns whether it ran. */
export function quietly(run: () => unknown): boolean {
  try {
    const done = run()
    if (done instanceof Promise) done.catch(ignore)
    return true
  } catch {
    return false
  }
}

/** Ends a consumer and waits until nothing more can come from it; never rejects. */
export async function cancel(opened: Opened, tag: string): Promise<void> {
  if (opened.closed) return
  await Promise.race([opened.channel.cancel(tag).catch(ignore), opened.ended])
}
