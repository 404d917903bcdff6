import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { delayLine } from './delay-line.js'
import { freePort } from './free-port.js'
import { startProxy, type TcpProxy } from './proxy.js'
import { waitUntil } from './wait-until.js'

/** A server that sends back what it hears, and a client with what it has heard so far. */
let server: Server
let proxy: TcpProxy
let heard = ''
const served: Socket[] = []
const clients: { socket: Socket; text: string; ended: boolean; error: string | undefined }[] = []

beforeEach(async () => {
  heard = ''
  server = createServer((socket) => {
    served.push(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      heard += String(chunk)
      socket.write(chunk)
    })
  })
  const port = await freePort()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  proxy = await startProxy(`tcp://127.0.0.1:${port}`)
})

afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy()
  await proxy.close()
  for (const socket of served.splice(0)) socket.destroy()
  server.close()
})

const dial = () => {
  const socket = connect(proxy.port, '127.0.0.1')
  const client = { socket, text: '', ended: false, error: undefined as string | undefined }
  socket.on('data', (chunk) => {
    client.text += String(chunk)
  })
  socket.on('end', () => {
    client.ended = true
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    client.error = error.code
  })
  clients.push(client)
  return client
}

const until = (what: string, isSo: () => boolean) => waitUntil(isSo, { what, timeoutMs: 5000, everyMs: 5 })

const echoed = async (text = 'hello') => {
  const client = dial()
  client.socket.write(text)
  await until('the echo', () => client.text === text)
  return client
}

describe('a proxy', () => {
  test('passes bytes both ways and counts them', async () => {
    const first = await echoed('hello')
    await echoed('you')
    expect(proxy.counts).toEqual({ connections: 2, open: 2, toServer: 8, toClient: 8, swallowed: 0 })
    first.socket.end()
    await until('the end to have gone to the server and back', () => first.ended)
    await until('one to be gone', () => proxy.counts.open === 1)
  })

  test('passes a megabyte to a reader that dawdles, without a byte missing', async () => {
    const client = dial()
    const text = 'recordcast'.repeat(100_000)
    client.socket.pause()
    client.socket.write(text)
    await until('some to arrive', () => proxy.counts.toClient > 0)
    client.socket.resume()
    await until('all to come back', () => client.text.length === text.length)
    expect(client.text === text).toBe(true)
  })

  test('gives the address with its own port', async () => {
    const through = await startProxy('amqp://guest:p%40ss@127.0.0.1:5672/%2f')
    expect(through.url).toBe(`amqp://guest:p%40ss@127.0.0.1:${through.port}/%2f`)
    await through.close()
    await expect(startProxy('amqp://127.0.0.1')).rejects.toThrow('needs a port')
  })

  test('drops: nobody hears anything, and nothing is closed', async () => {
    const client = await echoed('one')
    proxy.set('drop')
    client.socket.write('two')
    await until('the bytes to be swallowed', () => proxy.counts.swallowed === 3)
    served[0]?.write('three')
    await until('the answer to be swallowed', () => proxy.counts.swallowed === 8)
    const late = dial()
    late.socket.write('four')
    await until('a new connection to be accepted and swallowed', () => proxy.counts.swallowed === 12)
    client.socket.destroy()
    await until('the client to be gone', () => client.socket.closed)
    expect([heard, client.text, client.ended, late.text, late.ended]).toEqual(['one', 'one', false, '', false])
    expect(served.map((socket) => socket.readyState)).toEqual(['open', 'open'])
  })

  test('resets what has lost bytes when it passes again, and leaves alone what has not', async () => {
    const torn = await echoed('one')
    const whole = await echoed('two')
    proxy.set('drop')
    torn.socket.write('lost')
    await until('the bytes to be swallowed', () => proxy.counts.swallowed === 4)
    proxy.set('pass')
    await until('the reset', () => torn.error === 'ECONNRESET')
    whole.socket.write('!')
    await until('the other to go on', () => whole.text === 'two!')
    await echoed('new')
  })

  test('loses confirms: the server hears, the client does not', async () => {
    const client = await echoed('one')
    proxy.set('lose-confirms')
    client.socket.write('two')
    await until('the answer to be swallowed', () => proxy.counts.swallowed === 3)
    expect([heard, client.text, client.ended]).toEqual(['onetwo', 'one', false])
  })

  test('loses requests: the client hears, the server does not', async () => {
    const client = await echoed('one')
    proxy.set('lose-requests')
    client.socket.write('two')
    await until('the request to be swallowed', () => proxy.counts.swallowed === 3)
    served[0]?.write('news')
    await until('the news', () => client.text === 'onenews')
    expect(heard).toBe('one')
  })

  test('resets open connections and new ones, on both sides', async () => {
    const client = await echoed('one')
    const gone = once(served[0] ?? server, 'error')
    proxy.set('reset')
    await until('the reset', () => client.error === 'ECONNRESET')
    expect((await gone)[0]).toMatchObject({ code: 'ECONNRESET' })
    const late = dial()
    await until('the reset of a new one', () => late.socket.closed)
    expect([proxy.counts.connections, served.length]).toEqual([2, 1])
    proxy.set('pass')
    await echoed('again')
  })

  test('delays each way and keeps the order', async () => {
    const client = await echoed('0')
    proxy.set({ delayMs: 100 })
    const start = performance.now()
    for (const digit of '1234') client.socket.write(digit)
    await until('the request', () => heard === '01234')
    expect(performance.now() - start).toBeGreaterThanOrEqual(95)
    await until('the echo', () => client.text === '01234')
    expect(performance.now() - start).toBeGreaterThanOrEqual(190)
    proxy.set('pass')
    client.socket.write('5')
    await until('the next', () => client.text === '012345')
  })

  test('lets nothing overtake what it delays', async () => {
    const delivered: string[] = []
    const line = delayLine<string>((thing) => delivered.push(thing))
    line.push('slow', 30)
    line.push('fast', 0)
    expect(delivered).toEqual([])
    await until('both', () => delivered.length === 2)
    line.push('at once', 0)
    line.push('forgotten', 10)
    expect(line.clear()).toEqual(['forgotten'])
    expect(delivered).toEqual(['slow', 'fast', 'at once'])
  })

  test('cuts a connection after so many bytes, both ways together', async () => {
    const client = await echoed('one')
    proxy.set({ cutAfterBytes: 7 })
    client.socket.write('abcde')
    await until('the cut', () => client.ended || client.error !== undefined)
    expect([heard, client.text]).toEqual(['oneabcde', 'oneab'])
    await until('both sides to be closed', () => proxy.counts.open === 0)
    const late = dial()
    late.socket.write('abcdefghij')
    await until('a new one to be cut', () => late.ended || late.error !== undefined)
    expect([heard, late.text]).toEqual(['oneabcdeabcdefg', ''])
  })

  test('resets those that come while nothing listens behind it', async () => {
    server.close()
    const client = dial()
    await until('the reset', () => client.socket.closed)
    expect(client.error).toBe('ECONNRESET')
  })

  test('ends everything when it is closed, twice as well as once', async () => {
    const client = await echoed('one')
    await Promise.all([proxy.close(), proxy.close()])
    await until('the end', () => client.socket.closed)
    const late = dial()
    await until('the refusal', () => late.error === 'ECONNREFUSED')
  })
})
