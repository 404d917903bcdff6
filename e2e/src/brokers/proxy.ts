import { createServer, type Server } from 'node:net'
import { freePort } from './free-port.js'
import { type Link, openLink } from './proxy-link.js'
import type { ProxyCounts, ProxyMode } from './proxy-mode.js'

export interface TcpProxy {
  /** The address that it was given, with its own host and port: what clients use instead. */
  readonly url: string
  readonly port: number
  readonly mode: ProxyMode
  readonly counts: ProxyCounts
  /**
   * Changes what happens to bytes from now on, on connections that are open and on new ones. A connection that has lost
   * bytes is reset when the new mode would let it speak again: nobody should hear half a frame.
   */
  set(mode: ProxyMode): void
  /** Ends every connection and stops listening. A second time does nothing. */
  close(): Promise<void>
}

/**
 * Puts a TCP proxy on a free port of 127.0.0.1 in front of an address; it begins in mode 'pass'. While nothing listens
 * at the address, connections are accepted and reset.
 *
 * @param address a URL with a port: 'amqp://guest:guest@127.0.0.1:5672', 'nats://127.0.0.1:4222', 'tcp://127.0.0.1:7'
 */
export async function startProxy(address: string): Promise<TcpProxy> {
  const target = new URL(address)
  if (target.port === '') throw new Error('The address of a proxy needs a port: tcp://127.0.0.1:5672')
  const port = await freePort()
  const own = new URL(address)
  own.hostname = '127.0.0.1'
  own.port = String(port)

  const links = new Set<Link>()
  const counts = { connections: 0, open: 0, toServer: 0, toClient: 0, swallowed: 0 }
  let mode: ProxyMode = 'pass'
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    counts.connections++
    if (mode === 'reset') {
      client.on('error', () => {}).resetAndDestroy()
      return
    }
    counts.open++
    const link = openLink(client, { host: target.hostname, port: Number(target.port) }, mode, counts)
    links.add(link)
    void link.closed.then(() => {
      counts.open--
      links.delete(link)
    })
  })
  await listen(server, port)

  let closing: Promise<void> | undefined
  return {
    url: own.href.replace(/\/$/, address.endsWith('/') ? '/' : ''),
    port,
    counts,
    get mode() {
      return mode
    },
    set(next) {
      mode = next
      for (const link of links) link.set(next)
    },
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve())
        for (const link of links) link.destroy()
      })
      return closing
    },
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}
