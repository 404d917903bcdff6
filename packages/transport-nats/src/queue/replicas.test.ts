import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { type Clock, systemClock, type Transport } from '@recordcast/transport'
import { expect, onTestFinished, test } from 'vitest'
import { createNatsTransport } from '../index.js'
import { namesIn } from '../names.js'
import { withBroker } from '../testdata/broker.js'
import { freePort, type PrivateServer, startServer } from '../testdata/server.js'
import { until } from '../testdata/until.js'

const namespace = 'replicas'
// Patience has no end by a clock that stands, and is over at once by one that leaps.
const standing: Clock = { ...systemClock, now: () => 0 }
let leapt = 0
const leaping: Clock = {
  ...systemClock,
  now() {
    leapt += 60_000
    return leapt
  },
}

withBroker('the replicas of what is made in a cluster', () => {
  test('are one, which is said, where there are but two servers, and three if the third comes a moment later', async () => {
    const ports = await Promise.all([freePort(), freePort(), freePort()])
    const first = await member(ports, 0)
    await member(ports, 1)
    const hasty = await open(first, leaping)
    await hasty.transport.declare('hasty')
    await hasty.transport.announce('b', 'k', { id: '1', body: new Uint8Array(), headers: {} })
    expect(await replicasOf(first, 'hasty')).toBe(1)
    expect(hasty.warnings.filter((said) => said.includes('one replica')).length).toBe(1)

    const patient = await open(first, standing)
    const declared = patient.transport.declare('patient')
    await member(ports, 2)
    await declared
    expect(await replicasOf(first, 'patient')).toBe(3)
    expect(patient.warnings.filter((said) => said.includes('one replica'))).toEqual([])
  }, 60_000)
})

function member(ports: readonly number[], index: number): Promise<PrivateServer> {
  const [own, ...others] = [ports[index], ...ports.filter((_, other) => other !== index)]
  const routes = others.map((port) => `nats-route://127.0.0.1:${port}`).join(',')
  const cluster = ['--cluster_name', 'c', '--cluster', `nats://127.0.0.1:${own}`, '--routes', routes, '--no_advertise']
  return startServer('--name', `n${index}`, ...cluster)
}

async function open({ address }: PrivateServer, clock: Clock) {
  const warnings: string[] = []
  const onWarning = ({ message }: Error): void => void warnings.push(message)
  let transport: Transport | undefined
  // Until the servers have found a leader JetStream is out of reach.
  await until('JetStream answers', async () => {
    transport = await createNatsTransport({ url: address, namespace, clock, onWarning }).catch(() => undefined)
    return transport !== undefined
  })
  if (transport === undefined) throw new Error('no transport')
  onTestFinished(transport.close.bind(transport))
  return { transport, warnings }
}

async function replicasOf({ address }: PrivateServer, queue: string): Promise<number> {
  const nc = await connect({ servers: address })
  const jsm = await jetstreamManager(nc)
  const { config } = await jsm.streams.info(namesIn(namespace).stream(queue))
  await nc.close()
  return config.num_replicas
}
