import type { NatsConnection } from '@nats-io/transport-node'

/** What there is of the library's own connection behind its interface, as of 3.4.0. */
interface Inside {
  readonly protocol?: {
    readonly transport?: { readonly isClosed: boolean }
    /** Rejects the dial that is going on; there is none otherwise. */
    readonly connectError?: ((error: Error) => void) | undefined
  }
}

/**
 * Ends a dial whose socket has closed before the server's first PONG came. The library would wait for it until its connect timeout is over, 5 s
 * each time: as long as a server, or a proxy before it, takes connections and drops them at once. A library that is made differently inside
 * is left to itself.
 */
export function giveUpDial(nc: NatsConnection): void {
  const { protocol } = nc as NatsConnection & Inside
  if (protocol?.transport?.isClosed)
    protocol.connectError?.(new Error('the link closed before the server had answered'))
}
