import type { Transport } from '@recordcast/transport'
import { sitExam } from '@recordcast/transport-testkit'
import { afterAll, test } from 'vitest'
import { createNatsTransport } from './index.js'
import { broker, deleteStreams, scratchNamespace, withBroker } from './testdata/broker.js'
import { openProxy, type TestProxy } from './testdata/proxy.js'

withBroker('the exam on NATS', () => {
  const [here, apart] = [scratchNamespace().namespace, scratchNamespace().namespace]
  const cords = new Map<Transport, TestProxy>()
  const dead: Transport[] = []

  // Short waits, so that the cases that kill need not sit out the usual half minute and two.
  async function open(namespace: string): Promise<Transport> {
    const proxy = await openProxy(broker.host, broker.port)
    const transport = await createNatsTransport({ url: proxy.url, namespace, ackWaitMs: 3000, instanceGraceMs: 3000 })
    cords.set(transport, proxy)
    return transport
  }

  afterAll(async () => {
    await Promise.all(dead.map((transport) => transport.close()))
    await Promise.all([...cords.values()].map((proxy) => proxy.close()))
    for (const namespace of [here, apart]) await deleteStreams(namespace)
  })

  sitExam((title, run) => (run ? test(title, run, 60_000) : test.skip(title)), {
    open: () => open(here),
    openApart: () => open(apart),
    async kill(transport) {
      const cord = cords.get(transport)
      if (cord === undefined) throw new Error('Only what was opened here can be killed.')
      cord.mode = 'refuse'
      cord.reset()
      dead.push(transport)
    },
  })
})
