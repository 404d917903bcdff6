import type { Message, Running, Transport, Verdict } from '@recordcast/transport'
import type { ProcessClock } from './clock.js'

/** What passes over a party's link, for whoever watches. */
export interface Tap {
  request?(address: string, message: Message): void
  announce?(board: string, key: string, fact: Message | null): void
  delivered?(queue: string, message: Message, redelivered: boolean): void
  said?(queue: string, message: Message, verdict: Verdict): void
}

/**
 * A transport at the end of a link that takes its time: every call and every reply is under way for a random while. Calls arrive in the order in which
 * they were made, as over one connection.
 */
export function linkTo(inner: Transport, clock: ProcessClock, latencyMs: () => number, tap: Tap): Transport {
  let arrival = 0
  function carry<T>(call: () => Promise<T>): Promise<T> {
    const thereMs = latencyMs()
    if (thereMs === 0) return call()
    arrival = Math.max(arrival, clock.now() + thereMs)
    return new Promise((resolve, reject) => {
      clock.after(arrival - clock.now(), () => {
        const back = (settle: () => void): void => void clock.after(latencyMs(), settle)
        call().then(
          (value) => back(() => resolve(value)),
          (error: unknown) => back(() => reject(error)),
        )
      })
    })
  }
  return {
    name: inner.name,
    traits: inner.traits,
    publish: (queues, message) => carry(() => inner.publish(queues, message)),
    declare: (queue, options) => carry(() => inner.declare(queue, options)),
    consume: (queue, options, handle): Promise<Running> =>
      carry(() =>
        inner.consume(queue, options, async (delivery) => {
          tap.delivered?.(queue, delivery.message, delivery.redelivered)
          const verdict = await handle(delivery)
          tap.said?.(queue, delivery.message, verdict)
          return verdict
        }),
      ),
    announce(board, key, fact) {
      tap.announce?.(board, key, fact)
      return carry(() => inner.announce(board, key, fact))
    },
    watch: (board, see, options) => carry(() => inner.watch(board, see, options)),
    request(address, message, options) {
      tap.request?.(address, message)
      return carry(() => inner.request(address, message, options))
    },
    respond: (address, answer) => carry(() => inner.respond(address, answer)),
    inspect: (queue, options) => carry(() => inner.inspect(queue, options)),
    drop: (queue) => carry(() => inner.drop(queue)),
    listQueues: () => carry(() => inner.listQueues()),
    close: () => inner.close(),
  }
}
