import type { NatsConnection } from '@nats-io/transport-node'

/** What there is of the library's own connection behind its interface, as of 3.4.0. */
interface Inside {
  readonly protocol?: { readonly transport?: { close(error: Error): Promise<void> } }
}

/**
 * Closes a connection that the library found stale. It means to do so itself, but first writes what it still has to write (`_closed`
 * in its node_transport): on a link that takes nothing any more that never ends, and so the link would never be mended. A library that is made
 * differently inside is left to itself.
 */
export function cut(nc: NatsConnection): void {
  const { protocol } = nc as NatsConnection & Inside
  protocol?.transport?.close(new Error('the link is stale')).catch(() => undefined)
}
