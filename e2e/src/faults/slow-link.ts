import { type Broker, createListener } from 'recordcast'
import { startProxy } from '../brokers/proxy.js'
import { connectIn, thing } from './parties.js'
import type { Room } from './scenario.js'

/** Milliseconds that a slow link adds, each way. */
export const addedMs = 200

export interface SlowLink {
  /** The address of the same broker behind the link. */
  readonly url: string
  /** From now on everything takes its time; before, nothing does. */
  begin(): void
  /** Quick again, so that nobody waits for goodbyes. */
  end(): void
}

/**
 * A link that is slow for all that a client says, data as well: on NATS there is one connection, and on RabbitMQ the three
 * cannot be told apart before they speak. Whom an event reaches is decided when emit is called, by what the control plane has
 * brought until then, so a slow data plane hides nothing.
 */
export async function slowLink(room: Room, url: string): Promise<SlowLink> {
  const proxy = await startProxy(url)
  room.ends(() => proxy.close())
  return { url: proxy.url, begin: () => proxy.set({ delayMs: addedMs }), end: () => proxy.set('pass') }
}

/** A connection on which a listener has been before, so that what is made once a connection costs no scenario time. */
export async function connectUsed(room: Room, url: string): Promise<Broker> {
  const broker = await connectIn(room, url)
  const listener = createListener({ service: 'first', name: `of-${++used}`, broker })
  await listener.on(thing.deleted, { attributes: ['n'] }, () => undefined).start()
  await listener.unsubscribe()
  return broker
}

let used = 0

/** Takes down what is waited for, while it is. */
export type During = <T>(what: string, work: Promise<T>) => Promise<T>

const longestRoundMs = 90_000

/** Runs `count` rounds, `lanes` at once; each is told its number. @throws Error naming what a round still waits for after 90 s */
export async function inLanes(
  lanes: number,
  count: number,
  round: (number: number, during: During) => Promise<void>,
): Promise<void> {
  let next = 0
  const run = async (): Promise<void> => {
    while (next < count) await inTime(next++, round)
  }
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, run))
}

async function inTime(number: number, round: Parameters<typeof inLanes>[2]): Promise<void> {
  const open = new Set<string>()
  const during: During = (what, work) => {
    open.add(what)
    return work.finally(() => open.delete(what))
  }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const tell = () => reject(new Error(`Round ${number} still waits for ${[...open].join(' and ')}`))
    timer = setTimeout(tell, longestRoundMs)
  })
  await Promise.race([round(number, during), late]).finally(() => clearTimeout(timer))
}
