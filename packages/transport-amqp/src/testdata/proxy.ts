import { connect, createServer, type Server, type Socket } from 'node:net'

/*
pass          carries bytes both ways
drop          half-open: swallows bytes both ways, closes nothing
lose-confirms swallows what the server says, carries what the client says
reset         cuts every connection, old and new, with a reset
*/
export type Mode = 'pass' | 'drop' | 'lose-confirms' | 'reset'

/** A TCP proxy in front of a broker, on a free loopback port. */
export interface TcpProxy {
  readonly port: number
  mode: Mode
  /** By how much what the server says comes later; 0 at first. */
  delayMs: number
  /** Connections accepted so far. */
  readonly accepted: number
  /** Called with every piece that the client sends, before it is carried on. */
  onClientBytes: (bytes: Buffer, accepted: number) => void
  /** Cuts what is open with a reset; new connections are treated as `mode` says. */
  cut(): void
  /** Tells every client that the broker blocks it, or no longer does. Only while the server says nothing itself. */
  blockClients(reason: string): void
  unblockClients(): void
  close(): Promise<void>
}

const [classConnection, methodBlocked, methodUnblocked] = [10, 60, 61]

/** An AMQP 0-9-1 method frame on channel 0. */
function frame(method: number, text?: string): Buffer {
  const payload = Buffer.alloc(4 + (text === undefined ? 0 : 1 + text.length))
  payload.writeUInt16BE(classConnection, 0)
  payload.writeUInt16BE(method, 2)
  if (text !== undefined) {
    payload.writeUInt8(text.length, 4)
    payload.write(text, 5, 'ascii')
  }
  const head = Buffer.alloc(7)
  head.writeUInt8(1, 0)
  head.writeUInt32BE(payload.length, 3)
  return Buffer.concat([head, payload, Buffer.from([0xce])])
}

export async function startProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const open = new Set<Socket>()
  const clients = new Set<Socket>()
  let accepted = 0
  const server: Server = createServer((client) => {
    const number = ++accepted
    open.add(client)
    client.on('error', () => {})
    if (proxy.mode === 'reset') {
      client.resetAndDestroy()
      open.delete(client)
      return
    }
    const upstream = connect(target)
    client.setNoDelay()
    upstream.setNoDelay()
    open.add(upstream)
    clients.add(client)
    client.on('close', () => clients.delete(client))
    upstream.on('error', () => {})
    client.on('data', (bytes: Buffer) => {
      proxy.onClientBytes(bytes, number)
      if (proxy.mode !== 'drop' && !upstream.destroyed) upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      const hand = (): void => {
        if (proxy.mode === 'pass' && !client.destroyed) client.write(bytes)
      }
      if (proxy.delayMs === 0) hand()
      else setTimeout(hand, proxy.delayMs)
    })
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('close', () => {
        open.delete(from)
        if (proxy.mode !== 'drop') to.destroy()
      })
    }
  })
  const proxy = {
    port: 0,
    mode: 'pass' as Mode,
    delayMs: 0,
    get accepted() {
      return accepted
    },
    onClientBytes: (_bytes: Buffer, _accepted: number): void => {},
    cut(): void {
      // One that has begun to end cannot be reset any more: Node would never close its handle.
      for (const socket of open) socket.writableEnded ? socket.destroy() : socket.resetAndDestroy()
      open.clear()
    },
    blockClients: (reason: string) => clients.forEach((client) => client.write(frame(methodBlocked, reason))),
    unblockClients: () => clients.forEach((client) => client.write(frame(methodUnblocked))),
    async close(): Promise<void> {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address === 'object' && address !== null) proxy.port = address.port
  return proxy
}
