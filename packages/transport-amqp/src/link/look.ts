import type { Channel } from 'amqplib'
import { asTransportError, isDown, lost, replyCode } from '../errors.js'
import type { Settings } from '../options.js'
import { within } from '../time.js'
import { type Opened, openChannel } from './channel.js'
import type { Link } from './link.js'

/**
 * Runs a few calls on a channel that is thrown away afterwards: an answer of 404 or 406 kills the channel, and nothing
 * but it. Rejects with the contract's errors; what the broker refused is an invalid-argument.
 */
export function onChannel<T>(
  settings: Settings,
  link: Link,
  what: string,
  use: (channel: Channel) => Promise<T>,
  /** How long it waits for a link that is down. */
  linkMs = settings.patienceMs,
): Promise<T> {
  return link.seats.run(() => onFreshChannel(settings, link, what, use, linkMs))
}

async function onFreshChannel<T>(
  settings: Settings,
  link: Link,
  what: string,
  use: (channel: Channel) => Promise<T>,
  linkMs: number,
): Promise<T> {
  const line = await link.ready(linkMs)
  const late = (): Error => lost(`${what}: the broker did not answer within ${settings.patienceMs} ms.`)
  let opened: Opened | undefined
  let over = false
  const work = (async () => {
    opened = await openChannel(line, 'plain')
    // Given up meanwhile: nobody else would close it.
    if (over) void opened.close()
    return use(opened.channel)
  })()
  try {
    return await within(settings.clock, settings.patienceMs, work, late)
  } catch (error) {
    throw asTransportError(what, error)
  } finally {
    over = true
    void opened?.close()
  }
}

export interface Sight {
  readonly messages: number
  readonly consumers: number
}

/** What a passive declaration says of a queue; undefined when there is none. */
export async function lookAt(settings: Settings, link: Link, queue: string): Promise<Sight | undefined> {
  return onChannel(settings, link, `Looking at ${queue}`, (channel) => sightOf(channel, queue))
}

/** The same on a channel in hand, which is dead if the queue is not there. */
export async function sightOf(channel: Channel, queue: string): Promise<Sight | undefined> {
  try {
    const { messageCount, consumerCount } = await channel.checkQueue(queue)
    return { messages: messageCount, consumers: consumerCount }
  } catch (error) {
    if (replyCode(error) === 404 && !isDown(error)) return undefined
    throw error
  }
}
