import type { Transport } from '@recordcast/transport'
import { sitExam } from '@recordcast/transport-testkit'
import { afterAll, test } from 'vitest'
import { createAmqpTransport } from './index.js'
import { brokerUrl, freshNamespace, leftOut, sweep } from './testdata/broker.js'
import { startProxy, type TcpProxy } from './testdata/proxy.js'

const [here, apart] = [freshNamespace(), freshNamespace()]
const boards = new Set<string>()
const rungs = new Set<number>()
const proxies = new Map<Transport, TcpProxy>()
const killed: Promise<void>[] = []

async function open(namespace: string): Promise<Transport> {
  const broker = new URL(brokerUrl)
  const proxy = await startProxy({ host: broker.hostname, port: Number(broker.port || 5672) })
  broker.host = `127.0.0.1:${proxy.port}`
  const transport = await createAmqpTransport({
    url: broker.href,
    namespace,
    instanceGraceMs: 2000,
    maxBodyBytes: 4 * 1024 * 1024,
  })
  if (typeof transport.traits.retryDelays === 'object')
    for (const delay of transport.traits.retryDelays) rungs.add(delay)
  proxies.set(transport, proxy)
  return noted(transport, proxy)
}

/** The transport, its boards remembered for the sweep and its proxy closed with it. */
function noted(transport: Transport, proxy: TcpProxy): Transport {
  const { announce, watch, close } = transport
  return Object.assign(transport, {
    announce: (...given: Parameters<Transport['announce']>) => {
      boards.add(given[0])
      return announce.apply(transport, given)
    },
    watch: (...given: Parameters<Transport['watch']>) => {
      boards.add(given[0])
      return watch.apply(transport, given)
    },
    close: () => close.apply(transport).finally(() => proxy.close()),
  })
}

sitExam((title, run) => (run && !leftOut ? test(title, run, 60_000) : test.skip(title)), {
  open: () => open(here),
  openApart: () => open(apart),
  async kill(transport) {
    const proxy = proxies.get(transport)
    if (proxy === undefined) throw new Error('not a transport of this sitting')
    proxy.mode = 'reset'
    proxy.cut()
    // What is left of it in this process; on the broker it is dead already.
    killed.push(transport.close())
  },
})

afterAll(async () => {
  await Promise.all(killed)
  if (leftOut) return
  for (const namespace of [here, apart]) await sweep(namespace, { boards, rungs })
}, 60_000)
