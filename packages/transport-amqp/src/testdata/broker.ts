import { randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import { namesOf } from '../names.js'

/** The broker that the tests use. Only tests read the environment. */
export const brokerUrl = process.env.RECORDCAST_AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672'

/** Whether this run is to leave RabbitMQ out, as only RECORDCAST_TRANSPORTS may say. */
export const leftOut =
  process.env.RECORDCAST_TRANSPORTS !== undefined && !process.env.RECORDCAST_TRANSPORTS.split(',').includes('amqp')

export function freshNamespace(): string {
  return `test-${randomUUID().slice(0, 13)}`
}

export interface Leavings {
  readonly queues?: Iterable<string>
  readonly boards?: Iterable<string>
  readonly rungs?: Iterable<number>
}

/** Deletes what a run left on the broker: its queues and shelves, the boards in all their generations, the rungs and the sink. */
export async function sweep(namespace: string, { queues = [], boards = [], rungs = [] }: Leavings): Promise<void> {
  const names = namesOf(namespace)
  const model = await connect(brokerUrl)
  const channel = await model.createChannel()
  for (const queue of queues) {
    await channel.deleteQueue(names.queue(queue))
    await channel.deleteQueue(names.shelf(queue))
  }
  for (const board of boards) {
    await channel.deleteQueue(names.pointer(board))
    for (let generation = 0; generation < 10; generation++) await channel.deleteQueue(names.board(board, generation))
  }
  for (const rung of rungs) {
    await channel.deleteQueue(names.rung(rung))
    await channel.deleteExchange(names.rung(rung))
  }
  await channel.deleteQueue(names.sink)
  await model.close()
}
