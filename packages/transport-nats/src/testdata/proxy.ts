import { connect, createServer, type Server, type Socket } from 'node:net'

export type ProxyMode = 'pass' | 'drop' | 'refuse'

/** A TCP proxy on loopback between a client and a server. */
export interface TestProxy {
  readonly url: string
  /** 'drop' swallows bytes both ways and keeps connections open; 'refuse' resets whatever connects. */
  mode: ProxyMode
  /** Holds every chunk back for so long. */
  delayMs: number
  /** A connection ends once both sides have sent so many bytes together. */
  cutAfterBytes: number
  /** How often a client has connected. */
  readonly connections: number
  /** Connections that are open now. */
  readonly open: number
  /** Takes nothing any more from the clients that stand, as a frozen server does: their sockets fill up. */
  stall(): void
  /** Breaks the connections that stand, with a reset. */
  reset(): void
  close(): Promise<void>
}

export async function openProxy(host: string, port: number): Promise<TestProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let connections = 0
  const server = createServer((client) => {
    connections++
    if (proxy.mode === 'refuse') {
      client.resetAndDestroy()
      return
    }
    const upstream = connect(port, host)
    const pair = [client, upstream] as const
    pairs.add(pair)
    let bytes = 0
    for (const [from, to] of [pair, [upstream, client]] as const) {
      from.setNoDelay(true)
      from.on('data', (chunk) => {
        bytes += chunk.length
        if (bytes > proxy.cutAfterBytes) {
          client.destroy()
          upstream.destroy()
          return
        }
        const pass = () => proxy.mode === 'pass' && !to.destroyed && to.write(chunk)
        if (proxy.delayMs > 0) setTimeout(pass, proxy.delayMs)
        else pass()
      })
      from.on('error', () => {})
      from.on('close', () => {
        pairs.delete(pair)
        to.destroy()
      })
    }
  })
  const proxy = {
    url: '',
    mode: 'pass' as ProxyMode,
    delayMs: 0,
    cutAfterBytes: Number.POSITIVE_INFINITY,
    get connections() {
      return connections
    },
    get open() {
      return pairs.size
    },
    stall() {
      for (const [client] of pairs) client.pause()
    },
    reset() {
      for (const [client, upstream] of pairs) {
        client.resetAndDestroy()
        upstream.resetAndDestroy()
      }
    },
    async close() {
      this.reset()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  proxy.url = `nats://127.0.0.1:${await listening(server)}`
  return proxy
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
