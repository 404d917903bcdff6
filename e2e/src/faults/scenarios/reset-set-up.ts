import { createListener, createSource, type Listener, type Source } from 'recordcast'
import { startProxy, type TcpProxy } from '../../brokers/proxy.js'
import { wait, waitUntil } from '../../brokers/wait-until.js'
import { createLedger, type Ledger } from '../ledger.js'
import { connectIn, emitMany, startListener, startSource, thing } from '../parties.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

/**
 * Every link ends after so many bytes, again and again, while queues, consumers and boards are being set up on it: when a service
 * comes up, and when one that stands has lost its links. Whatever the number of bytes, everything stands once links last; nothing
 * goes uncaught, which would end the run, and no link is left over.
 */
export const resetSetUp: Scenario = {
  number: '3e',
  fault: 'reset during set-up',
  run: resetLinks,
}

/** How often each number of bytes must have ended each link. */
const cuts = 3
/** Links of one connection. */
const linksOf = ({ broker }: Room): number => (broker === 'amqp' ? 3 : 1)
const most = 30_000

// What is handed out over links that are cut comes back without a verdict; the listener then tries each such event alone, which
// takes half a second. So few are handed out at a time.
const concurrency = 4

async function resetLinks(room: Room): Promise<Outcome> {
  const long = room.size === 'long'
  const { url } = await room.sharedBroker()
  const ledger = createLedger()
  const again = long ? 150 : 8
  const first = long ? 60 : 4
  const healed = await heal(room, url, ledger, offsets(again))
  const stood = await comeUp(room, url, ledger, offsets(first))
  const counts = ledger.counts()
  const also = { offsets: again + first, linksCut: healed.cut + stood.cut, calledAgain: stood.calledAgain }
  return { ...counts, recoveredAfterMs: Math.max(healed.slowest, stood.slowest), also }
}

/** From one byte to more than any set-up takes, each a little beside its place. */
const offsets = (count: number): number[] =>
  Array.from({ length: count }, (_, n) => Math.ceil(most ** ((n + Math.random()) / count)))

const eager = {
  amqp: { reconnect: { minMs: 10, maxMs: 50 }, connectTimeoutMs: 30_000 },
  nats: { reconnect: { waitMs: 10, jitterMs: 20 }, ackWaitMs: 3000 },
}

/** A listener and a source that stand, whose links are cut at each offset. Nobody calls anything of theirs but emit. */
async function heal(room: Room, url: string, ledger: Ledger, at: readonly number[]) {
  const proxy = await startProxy(url)
  room.ends(() => proxy.close())
  const standing = linksOf(room) * 2
  await startListener(room, await connectIn(room, proxy.url, eager), 'one', ledger, { concurrency })
  const source = await startSource(room, await connectIn(room, proxy.url, eager), { timeoutMs: 120_000 })
  let slowest = 0
  let cut = 0
  for (const [index, bytes] of at.entries()) {
    const before = proxy.counts.connections
    let over = false
    let under = true
    const load = async (): Promise<void> => {
      for (let n = 0; !over || n === 0; n++)
        await emitMany(source, ledger, 20, { prefix: `h${index}-${n}-`, window: 20 })
      under = false
    }
    void load()
    // Closed, not reset: Node.js 20 may forget the handle of a socket that is reset while its other end is.
    proxy.set({ cutAfterBytes: 0 })
    proxy.set({ cutAfterBytes: bytes })
    await waitUntil(() => proxy.counts.connections >= before + cuts * standing, {
      what: `links to end after ${bytes} bytes`,
    }).finally(() => {
      over = true
    })
    cut += proxy.counts.connections - before
    proxy.set('pass')
    const ended = Date.now()
    await waitUntil(() => !under, { what: `emits to end after links did after ${bytes} bytes` })
    await ledger.settled(60_000)
    slowest = Math.max(slowest, Date.now() - ended)
    await stands(proxy, standing)
  }
  const { rejected } = await emitMany(source, ledger, 20, { prefix: 'healed-' })
  await ledger.settled(60_000)
  if (rejected > 0) throw new Error(`${rejected} emits were rejected after the last cut`)
  room.note(`${at.length} offsets, ${cut} links cut, healed after at most ${slowest} ms`)
  return { slowest, cut }
}

/** A service that comes up while links are cut at each offset, and ends when it stands. What rejects and may pass is called again. */
async function comeUp(room: Room, url: string, ledger: Ledger, at: readonly number[]) {
  let slowest = 0
  let cut = 0
  let calledAgain = 0
  for (const [index, bytes] of at.entries()) {
    const proxy = await startProxy(url)
    room.ends(() => proxy.close())
    const insist = async <T>(call: () => Promise<T>): Promise<T> => {
      for (;;) {
        try {
          return await call()
        } catch (error) {
          if ((error as { retryable?: unknown }).retryable !== true) throw error
          calledAgain++
          await wait(50)
        }
      }
    }
    const service = `up${index}`
    const up = async (): Promise<{ listener: Listener; source: Source; end: () => Promise<unknown> }> => {
      const connection = await insist(() =>
        connectIn(room, proxy.url, { ...eager, namespace: `${room.namespace}-${index}` }),
      )
      const listener = createListener({ service, broker: connection })
      listener.on(thing.changed, { attributes: ['n', 'a'] }, (event) => ledger.handle(service, event.id))
      const source = createSource({ service: 'forge', records: [{ type: thing }], broker: connection })
      await Promise.all([insist(() => listener.start()), insist(() => source.start())])
      return { listener, source, end: () => connection.close() }
    }
    proxy.set({ cutAfterBytes: bytes })
    const standing = up()
    standing.catch(() => undefined)
    const enough = (): boolean => proxy.counts.connections >= cuts * linksOf(room)
    // A service that is up before its links are cut needs no more of them.
    await Promise.race([standing, waitUntil(enough, { what: `links to end after ${bytes} bytes` })])
    cut += proxy.counts.connections
    proxy.set('pass')
    const ended = Date.now()
    const { listener, source, end } = await standing
    const { rejected } = await emitMany(source, ledger, 20, { prefix: `${service}-` })
    if (rejected > 0) throw new Error(`${rejected} emits were rejected after links were cut at ${bytes} bytes`)
    await ledger.settled(60_000)
    slowest = Math.max(slowest, Date.now() - ended)
    await listener.unsubscribe()
    await source.stop()
    await end()
    await stands(proxy, 0)
    await proxy.close()
  }
  room.note(`${at.length} offsets on the way up, ${cut} links cut, ${calledAgain} calls made again`)
  return { slowest, cut, calledAgain }
}

/** Resolves when so many links are open, and no more. */
const stands = (proxy: TcpProxy, links: number): Promise<unknown> =>
  waitUntil(() => proxy.counts.open === links, { what: `${links} links to stand, not ${proxy.counts.open}` })
