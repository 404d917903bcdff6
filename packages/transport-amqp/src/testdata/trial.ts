import type { Message, Transport } from '@recordcast/transport'
import { connect } from 'amqplib'
import { type AmqpTransportOptions, createAmqpTransport } from '../index.js'
import { brokerUrl, freshNamespace, type Leavings, sweep } from './broker.js'
import { startProxy, type TcpProxy } from './proxy.js'

/** One test's namespace, with transports behind a proxy each; `end` closes and sweeps all. */
export interface Trial {
  readonly namespace: string
  open(options?: Partial<AmqpTransportOptions>, query?: string): Promise<{ readonly transport: Transport; readonly proxy: TcpProxy }>
  /** Runs on a raw channel, as somebody at the broker's console would. */
  raw<T>(use: (channel: Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['createChannel']>>) => Promise<T>): Promise<T>
  until(what: string, condition: () => boolean | Promise<boolean>): Promise<void>
  end(leavings: Leavings): Promise<void>
}

export function beginTrial(): Trial {
  const namespace = freshNamespace()
  const opened: { readonly transport: Transport; readonly proxy: TcpProxy }[] = []
  const rungs = new Set<number>()
  return {
    namespace,
    async open(options, query = '') {
      const broker = new URL(brokerUrl)
      const proxy = await startProxy({ host: broker.hostname, port: Number(broker.port || 5672) })
      broker.search = query
      broker.host = `127.0.0.1:${proxy.port}`
      const reconnect = { minMs: 20, maxMs: 200 }
      const transport = await createAmqpTransport({ url: broker.href, namespace, reconnect, ...options })
      for (const delay of transport.traits.retryDelays as readonly number[]) rungs.add(delay)
      opened.push({ transport, proxy })
      return { transport, proxy }
    },
    async raw(use) {
      const model = await connect(brokerUrl)
      const channel = await model.createChannel()
      channel.on('error', () => {})
      try {
        return await use(channel)
      } finally {
        await model.close()
      }
    },
    async until(what, condition) {
      const deadline = performance.now() + 15_000
      while (!(await condition())) {
        if (performance.now() > deadline) throw new Error(`Waited 15 s in vain until ${what}.`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    async end(leavings) {
      for (const { transport, proxy } of opened) {
        proxy.mode = 'pass'
        await transport.close()
        await proxy.close()
      }
      await sweep(namespace, { ...leavings, rungs })
    },
  }
}

export function message(id: string, body = id): Message {
  return { id, body: new TextEncoder().encode(body), headers: {} }
}

/** Resolves with the outcome of each, settled or not, in order. */
export function codes(report: { readonly failed: readonly { readonly error: { readonly code: string } }[] }): string[] {
  return report.failed.map(({ error }) => error.code)
}
