import type { Writable } from 'node:stream'
import type { ChannelModel } from 'amqplib'

/** What is used of amqplib's inside. */
interface Inside {
  readonly stream?: Writable
}

/*
amqplib hands each frame to the socket by itself, and each would be a call of the kernel and, without Nagle's delay, a packet. What is written in
one turn of the event loop goes out together, at the end of that turn: later than that nothing waits.
*/
export function gather({ connection }: ChannelModel): void {
  const { stream } = connection as Inside
  if (stream === undefined) return
  let corked = false
  const release = (): void => {
    corked = false
    stream.uncork()
  }
  const write = stream.write as (...written: unknown[]) => boolean
  stream.write = (...written: unknown[]): boolean => {
    if (!corked) {
      corked = true
      stream.cork()
      process.nextTick(release)
    }
    return write.apply(stream, written)
  }
}
