import { strict as assert } from 'node:assert'
import {
  type Delivery,
  type Message,
  type Running,
  type Transport,
  TransportError,
  type Verdict,
} from '@recordcast/transport'

export const ack: Verdict = { do: 'ack' }

/** Timers and clocks round to a millisecond, each their own way. */
export const slackMs = 5

export function message(id: string, body: string | Uint8Array = id, headers: Message['headers'] = {}): Message {
  return { id, body: typeof body === 'string' ? new TextEncoder().encode(body) : body, headers }
}

export function textOf({ body }: Message): string {
  return new TextDecoder().decode(body)
}

/** Publishes and fails unless every queue has the message. */
export async function put(
  transport: Transport,
  queue: string,
  ...messages: readonly (Message | string)[]
): Promise<void> {
  for (const each of messages) {
    const { gone, failed } = await transport.publish([queue], typeof each === 'string' ? message(each) : each)
    assert.deepEqual(gone, [], 'the queue is there')
    assert.deepEqual(failed, [], 'the queue has the message')
  }
}

export interface Inbox extends Running {
  readonly deliveries: readonly Delivery[]
  /** Of the messages delivered, in order, repeats included. */
  readonly ids: readonly string[]
  readonly errors: readonly Error[]
}

/** Consumes and keeps what came. `decide` gives the verdict; default ack. */
export async function collect(
  transport: Transport,
  queue: string,
  decide: (delivery: Delivery) => Verdict | Promise<Verdict> = () => ack,
  concurrency = 10,
): Promise<Inbox> {
  const deliveries: Delivery[] = []
  const ids: string[] = []
  const errors: Error[] = []
  const onError = (error: Error): void => void errors.push(error)
  const running = await transport.consume(queue, { concurrency, onError }, async (delivery) => {
    deliveries.push(delivery)
    ids.push(delivery.message.id)
    return decide(delivery)
  })
  return { deliveries, ids, errors, stop: () => running.stop() }
}

/** Fails unless the promise rejects with a TransportError of that code. */
export async function rejectsWith(code: TransportError['code'], promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof TransportError, `a TransportError, not ${String(error)}`)
    assert.equal(error.code, code)
    return true
  })
}

export function sameBytes(found: Uint8Array, expected: Uint8Array): void {
  assert.equal(found.byteLength, expected.byteLength, 'bytes of the body')
  assert.ok(Buffer.compare(found, expected) === 0, 'the body, byte for byte')
}

/** The names 'prefix-0' to 'prefix-(count - 1)'. */
export function series(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
}

/** Runs a task for each item, at most `width` at a time. */
export async function each<T>(items: readonly T[], width: number, task: (item: T) => Promise<void>): Promise<void> {
  const left = items.values()
  const worker = async (): Promise<void> => {
    for (const item of left) await task(item)
  }
  await Promise.all(Array.from({ length: width }, worker))
}
