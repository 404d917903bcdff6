import { randomUUID } from 'node:crypto'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import type { Transport } from '@recordcast/transport'
import { describe } from 'vitest'
import { createNatsTransport, type NatsTransportOptions } from '../index.js'
import { namesIn } from '../names.js'

const chosen = process.env.RECORDCAST_TRANSPORTS
const url = process.env.RECORDCAST_NATS_URL ?? 'nats://127.0.0.1:4222'

/** The running server that the tests use; a private one where a test has to harm it. */
export const broker = { url, host: new URL(url).hostname, port: Number(new URL(url).port || 4222) }

/** Tests that need the server: they run unless RECORDCAST_TRANSPORTS is given and leaves NATS out, which their title then says. */
export function withBroker(title: string, tests: () => void): void {
  const left = chosen !== undefined && !chosen.split(',').includes('nats')
  if (left) describe.skip(`${title} (skipped: RECORDCAST_TRANSPORTS is ${chosen})`, tests)
  else describe(title, tests)
}

/** A namespace that no other run has, and the way to leave nothing of it behind. */
export function scratchNamespace() {
  const namespace = `test-${randomUUID().slice(0, 13)}`
  const opened: Transport[] = []
  return {
    namespace,
    async open(options: NatsTransportOptions = {}): Promise<Transport> {
      const transport = await createNatsTransport({ url, namespace, ...options })
      opened.push(transport)
      return transport
    },
    async tidy(): Promise<void> {
      await Promise.all(opened.map((transport) => transport.close()))
      await deleteStreams(namespace)
    },
  }
}

/** Deletes every stream and bucket of a namespace. */
export async function deleteStreams(namespace: string, from = url): Promise<void> {
  const nc = await connect({ servers: from })
  const jsm = await jetstreamManager(nc)
  const names: string[] = []
  for await (const name of jsm.streams.names()) names.push(name)
  const prefix = namesIn(namespace).bucket('').replace(/B_$/, '')
  const ours = names.filter((name) => name.replace(/^KV_/, '').startsWith(prefix))
  for (const name of ours) await jsm.streams.delete(name)
  await nc.close()
}
