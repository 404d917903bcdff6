import { RecordcastError } from '@recordcast/protocol/errors'
import type { ParkedMessage } from '@recordcast/transport'
import type { Context } from '../parts/context.js'
import { groupBy } from '../parts/group-by.js'
import { mapInSlices } from '../parts/in-slices.js'
import { readInput } from '../parts/input.js'
import { collectPage } from '../parts/paging.js'
import { type Input, type Shape, shapes } from '../shapes/index.js'
import { orderOf, peek } from './peek.js'
import { codeOf, readParked, rowOf } from './read-parked.js'

/** Bodies up to this size are read for the types in a group; more of them would hold others up. */
const readable = 256 * 1024

/** Parked messages of a queue, oldest first, and their groups by error code. */
export async function browseParked(
  context: Context,
  queue: string,
  input: Input<'parkedInput'> = {},
): Promise<Shape<'parked'>> {
  const wanted = readInput(shapes.parkedInput, input)
  const { total, messages } = await peek(context, queue)
  const { take, page } = collectPage<ParkedMessage>(wanted)
  const copies = new Map<string, number>()
  for (const message of messages) {
    // Copies of one message, parked in the same millisecond, are told apart by counting.
    const order = orderOf(message)
    const nth = copies.get(order) ?? 0
    copies.set(order, nth + 1)
    if (wanted.code === undefined || codeOf(message) === wanted.code) take(`${order} ${nth}`, () => message)
  }
  const { items, next } = page()
  const types = new Map<ParkedMessage, string>()
  await mapInSlices(context.broker.clock, messages, async (message) => {
    if (message.message.body.byteLength > readable) return
    const { event } = await readParked(message)
    if (event.value !== undefined) types.set(message, event.value.type)
  })
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
