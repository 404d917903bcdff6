import { RecordcastError } from '@recordcast/protocol/errors'
import type { ParkedMessage } from '@recordcast/transport'
import { setsOf } from '../board/by-queue.js'
import type { Context } from '../parts/context.js'
import { groupBy } from '../parts/group-by.js'
import { inSlices } from '../parts/in-slices.js'
import { readInput } from '../parts/input.js'
import { collectPage } from '../parts/paging.js'
import { type Input, type Shape, shapes } from '../shapes/index.js'
import { codeOf, readParked, rowOf } from './read-parked.js'

/** How many messages of a shelf are looked at: peeking carries every body over the wire. */
const mostPeeked = 1000

/** The oldest parked messages of a queue and how many there are. An orphaned queue has a shelf as well. @throws unknown-listener */
export async function peek(
  context: Context,
  queue: string,
): Promise<{ total: number; messages: readonly ParkedMessage[] }> {
  const { broker, gate } = context
  const report = await gate(() => broker.transport.inspect(queue, { peekParked: mostPeeked }))
  if (report !== undefined) return { total: report.parked, messages: report.peeked }
  setsOf(context.registry.snapshot(), queue)
  return { total: 0, messages: [] }
}

/** Parked messages of a queue, oldest first, and their groups by error code. */
export async function browseParked(
  context: Context,
  queue: string,
  input: Input<'parkedInput'> = {},
): Promise<Shape<'parked'>> {
  const wanted = readInput(shapes.parkedInput, input)
  const { total, messages } = await peek(context, queue)
  const { take, page } = collectPage<ParkedMessage>(wanted)
  const types = new Map<ParkedMessage, string>()
  await inSlices(context.broker.clock, messages.entries(), ([index, message]) => {
    if (wanted.code !== undefined && codeOf(message) !== wanted.code) return
    // What has been let go of meanwhile moves nothing: time and id stay what they were.
    take(`${message.parkedAt} ${message.message.id} ${String(index).padStart(6, '0')}`, () => message)
  })
  const { items, next } = page()
  for (const message of messages) {
    const { event } = await readParked(message)
    if (event.value !== undefined) types.set(message, event.value.type)
  }
  return {
    ...{ queue, total, looked: messages.length },
    groups: [...groupBy(messages, codeOf)].map(([code, group]) => ({
      code,
      count: group.length,
      oldest: group[0]?.parkedAt ?? '',
      newest: group.at(-1)?.parkedAt ?? '',
      types: [...new Set(group.flatMap((message) => types.get(message) ?? []))].sort(),
    })),
    items: (await Promise.all(items.map(readParked))).map(rowOf),
    ...(next !== undefined && { next }),
  }
}

/** The oldest parked message of an id. @throws RecordcastError unknown-message */
export async function findParked(context: Context, queue: string, id: string): Promise<ParkedMessage> {
  const { messages, total } = await peek(context, queue)
  const found = messages.find(({ message }) => message.id === id)
  if (found !== undefined) return found
  const among = total > messages.length ? ` among the ${messages.length} oldest of ${total}` : ''
  throw new RecordcastError('unknown-message', `No message "${id}" is parked at "${queue}"${among}`, {
    ...{ path: '/id', found: id, expected: 'the id of a parked message' },
  })
}
