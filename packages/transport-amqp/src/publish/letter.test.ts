import { randomUUID } from 'node:crypto'
import { type ConfirmChannel, connect, type Message as Received } from 'amqplib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { brokerUrl, leftOut } from '../testdata/broker.js'
import { letterOf, messageOf, propertiesOf } from '../wire.js'
import type { Parcel } from './parcel.js'
import { Post } from './post.js'

describe.skipIf(leftOut)('a letter', () => {
  const queue = `test-letter-${randomUUID()} ü界`
  let model: Awaited<ReturnType<typeof connect>>
  let channel: ConfirmChannel
  beforeAll(async () => {
    model = await connect(brokerUrl)
    channel = await model.createConfirmChannel()
    await channel.assertQueue(queue, { exclusive: true })
  })
  afterAll(() => model.close())

  /** Writes a parcel and fetches it back. */
  async function through(post: Post, parcel: Parcel, tag: number): Promise<Received> {
    await new Promise<void>((resolve, reject) => {
      post.write(parcel, tag, (error) => (error ? reject(error) : resolve()))
    })
    const got = await channel.get(queue, { noAck: true })
    if (got === false) throw new Error('Nothing has arrived')
    return got
  }

  test('arrives as amqplib would have written it, whatever is in it', async () => {
    const messages = fc.record({
      id: fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
      headers: fc.dictionary(fc.stringMatching(/^[a-z0-9-]{1,20}$/), fc.string({ unit: 'grapheme' }), {
        noNullPrototype: true,
        maxKeys: 4,
      }),
      body: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 4090, maxLength: 4100 })),
    })
    const post = new Post(channel, () => {})
    let tag = 0
    await fc.assert(
      fc.asyncProperty(messages, async (message) => {
        const usual = {
          exchange: '',
          routingKey: queue,
          body: Buffer.from(message.body),
          options: propertiesOf(message),
        }
        const written = await through(post, { ...usual, letter: letterOf(message) }, ++tag)
        const expected = await through(post, usual, tag)
        expect(Number(written.properties.correlationId)).toBe(tag)
        expect({ ...written.properties, correlationId: String(tag) }).toEqual(expected.properties)
        expect(written.content.equals(expected.content)).toBe(true)
        expect(messageOf(written)).toMatchObject({ id: message.id, headers: message.headers })
      }),
      { numRuns: 60 },
    )
  })

  test('of 64 KiB goes in one piece, a larger one the usual way', async () => {
    const post = new Post(channel, () => {})
    for (const bytes of [0, 64 * 1024, 64 * 1024 + 1]) {
      const message = { id: 'm', headers: {}, body: new Uint8Array(bytes).fill(7) }
      const letter = letterOf(message)
      expect(letter === undefined).toBe(bytes > 64 * 1024)
      const body = letter?.body ?? Buffer.from(message.body)
      const parcel = { exchange: '', routingKey: queue, body, options: propertiesOf(message), letter }
      expect((await through(post, parcel, 1)).content.equals(message.body)).toBe(true)
    }
  })

  test('of a large body shares its frame over one channel, and has another over the next', () => {
    const letter = letterOf({ id: 'm', headers: {}, body: new Uint8Array(5000).fill(7) })!
    const [one, again, other] = [1, 1, 2].map((over) => letter.restOver(over))
    expect(again).toBe(one)
    expect([one!.readUInt16BE(1), other!.readUInt16BE(1)]).toEqual([1, 2])
    expect(one!.subarray(3).equals(other!.subarray(3))).toBe(true)
  })

  test('for a queue that is not there comes back under its tag', async () => {
    const letter = letterOf({ id: 'm', headers: {}, body: new Uint8Array(3) })!
    const parcel = { exchange: '', routingKey: `${queue} absent`, body: letter.body, options: {}, letter }
    const returned = new Promise<Received>((resolve) => channel.once('return', resolve))
    await new Promise<void>((resolve) => void new Post(channel, () => {}).write(parcel, 4711, () => resolve()))
    expect(Number((await returned).properties.correlationId)).toBe(4711)
  })

  test('cannot be written to a channel that is closed', async () => {
    const letter = letterOf({ id: 'm', headers: {}, body: new Uint8Array(3) })!
    const parcel = { exchange: '', routingKey: queue, body: letter.body, options: {}, letter }
    const closing = await model.createConfirmChannel()
    const closed = closing.close()
    expect(() => new Post(closing, () => {}).write(parcel, 1, () => {})).toThrow(/clos/)
    await closed
    expect(() => new Post(closing, () => {}).write(parcel, 1, () => {})).toThrow(/clos/)
  })
})
