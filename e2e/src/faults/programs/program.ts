import { createInterface } from 'node:readline'
import type { Transport } from '@recordcast/transport'
import { type Broker, connect } from 'recordcast'

/** Where every program connects to. */
export interface Place {
  readonly url: string
  readonly namespace: string
  /** Of NATS: how long a consumer may say nothing. */
  readonly ackWaitMs?: number
}

/** The settings that the program was started with. */
export function settingsOf<T extends Place>(): T {
  return JSON.parse(process.argv[2] ?? '') as T
}

// Else a pipe that is full is written to later, and what a process said before it ended gets lost.
const pipe: { _handle?: { setBlocking?(on: boolean): void } } = process.stdout as never
pipe._handle?.setBlocking?.(true)

/** Writes one report. It is written before this returns, so a process that dies next has said it. */
export function report(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/** Hears what the program is told. */
export function onTold(hear: (message: Readonly<Record<string, unknown>>) => void): void {
  createInterface({ input: process.stdin }).on('line', (line) => hear(JSON.parse(line)))
}

/** Ends this process between two instructions. */
export function die(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('A process has outlived its SIGKILL')
}

export function connectTo({ url, namespace, ackWaitMs }: Place): Promise<Broker> {
  const nats = { reconnect: { waitMs: 50, jitterMs: 100 } }
  return connect(url, {
    namespace,
    amqp: { reconnect: { minMs: 50, maxMs: 1000 } },
    nats: ackWaitMs === undefined ? nats : { ...nats, ackWaitMs },
  })
}

/** The broker with some of its transport's verbs replaced. */
export function overlay(broker: Broker, verbs: Partial<Transport>): Broker {
  const transport = new Proxy(broker.transport, {
    get(target, name) {
      if (Object.hasOwn(verbs, name)) return Reflect.get(verbs, name)
      const own: unknown = Reflect.get(target, name, target)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
  return { ...broker, transport, close: () => broker.close() }
}
