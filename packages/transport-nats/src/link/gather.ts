import type { NatsConnection } from '@nats-io/transport-node'

/** What is used of the library's inside, as of 3.4.0. */
interface Inside {
  readonly protocol?: { flushPending?: () => void }
}

/*
The client library writes to its socket as soon as the first of what waits has been put together, so that what belongs to one turn of the event
loop goes out in many pieces, each a call of the kernel. Here it goes out at the end of the turn, in one: later than that nothing waits. A
library that is made differently inside is left as it is.
*/
export function gather(nc: NatsConnection): void {
  const { protocol } = nc as NatsConnection & Inside
  const flush = protocol?.flushPending
  if (protocol === undefined || typeof flush !== 'function') return
  let coming = false
  protocol.flushPending = () => {
    if (coming) return
    coming = true
    process.nextTick(() => {
      coming = false
      flush.call(protocol)
    })
  }
}
