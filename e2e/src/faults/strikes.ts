import { jetstreamManager } from '@nats-io/jetstream'
import { connect as connectNats } from '@nats-io/transport-node'
import { type Channel, connect as connectAmqp } from 'amqplib'
import type { Room } from './scenario.js'

/** What a strike hits, which decides how it shows whether things have healed. */
export type Target = 'queue' | 'queue of a stopped listener' | 'boards' | 'retries' | 'subject'

/** Something that an operator, or an accident, takes away on the broker. */
export interface Strike {
  readonly what: string
  readonly target: Target
  /** Rejects if there was nothing to take away. `space`: the namespace, of letters that names keep as they are. */
  readonly act: (space: string) => Promise<unknown>
  /** Undoes what heals only by hand. */
  readonly mend?: (space: string) => Promise<unknown>
}

/** The listener whose things are taken away. */
export const struck = 'steady'

/** The first retry delay of the listeners here, and the rung of RabbitMQ that serves it. */
export const retryMs = 250

/** The strikes that exist on the broker, which the room's end disconnects from. */
export async function strikesOn(room: Room, url: string): Promise<readonly Strike[]> {
  return room.broker === 'amqp' ? strikesOnRabbit(room, url) : strikesOnNats(room, url)
}

/*
RabbitMQ: messages go through the default exchange, which cannot be unbound; the exchanges that can are those of the retries. A
consumer cannot be deleted but with its queue or its connection. A stream cannot be emptied, only deleted.
*/
async function strikesOnRabbit(room: Room, url: string): Promise<readonly Strike[]> {
  const model = await connectAmqp(url)
  room.ends(() => model.close())
  const on = async (act: (channel: Channel) => Promise<unknown>): Promise<void> => {
    const channel = await model.createChannel()
    channel.on('error', () => undefined)
    await act(channel)
    await channel.close()
  }
  const rung = (space: string): string => `${space}.retry.${retryMs}`
  const deleteQueue = (space: string, name: string) =>
    on(async (channel) => {
      await channel.checkQueue(`${space}.${name}`)
      await channel.deleteQueue(`${space}.${name}`)
    })
  const queue = (space: string) => deleteQueue(space, `queue.${struck}`)
  return [
    { what: 'queue deleted', target: 'queue', act: queue },
    { what: 'queue of a stopped listener deleted', target: 'queue of a stopped listener', act: queue },
    {
      what: 'board streams deleted',
      target: 'boards',
      act: async (space) => {
        for (const board of ['listeners', 'sources']) await deleteQueue(space, `board0.${board}`)
      },
    },
    {
      what: 'retry exchange unbound',
      target: 'retries',
      act: (space) =>
        on(async (channel) => {
          await channel.checkExchange(rung(space))
          await channel.unbindQueue(rung(space), rung(space), '')
        }),
    },
    {
      what: 'retry exchange deleted',
      target: 'retries',
      act: (space) =>
        on(async (channel) => {
          await channel.checkExchange(rung(space))
          await channel.deleteExchange(rung(space))
        }),
    },
    { what: 'retry queue deleted', target: 'retries', act: (space) => deleteQueue(space, `retry.${retryMs}`) },
  ]
}

/*
NATS: a stream's subject is to it what a binding is to a queue. A retry waits in the queue's own stream.
*/
async function strikesOnNats(room: Room, url: string): Promise<readonly Strike[]> {
  const nc = await connectNats({ servers: url })
  room.ends(() => nc.close())
  const jsm = await jetstreamManager(nc)
  const stream = (space: string): string => `${space}_Q_${struck}`
  const boards = (space: string): string[] => ['listeners', 'sources'].map((board) => `KV_${space}_B_${board}`)
  const deleted = (space: string) => jsm.streams.delete(stream(space))
  return [
    { what: 'stream deleted', target: 'queue', act: deleted },
    { what: 'stream of a stopped listener deleted', target: 'queue of a stopped listener', act: deleted },
    {
      what: 'consumer deleted',
      target: 'queue',
      act: async (space) => {
        const [consumer] = await jsm.consumers.list(stream(space)).next()
        if (consumer === undefined) throw new Error(`The stream ${stream(space)} has no consumer`)
        await jsm.consumers.delete(stream(space), consumer.name)
      },
    },
    {
      what: 'buckets emptied',
      target: 'boards',
      act: async (space) => {
        for (const board of boards(space)) {
          const { purged } = await jsm.streams.purge(board)
          if (purged === 0) throw new Error(`The bucket of ${board} was empty before`)
        }
      },
    },
    {
      what: 'buckets deleted',
      target: 'boards',
      act: async (space) => {
        for (const board of boards(space)) await jsm.streams.delete(board)
      },
    },
    {
      what: 'subject taken from the stream',
      target: 'subject',
      act: (space) => jsm.streams.update(stream(space), { subjects: [`${space}.elsewhere`] }),
      mend: (space) => jsm.streams.update(stream(space), { subjects: [`${space}.q.${struck}`] }),
    },
  ]
}
