import type { Message as Received } from 'amqplib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { marksOf, messageOf, propertiesOf } from './wire.js'

function received(properties: object, content = Buffer.from('body'), redelivered = false): Received {
  return { content, properties, fields: { redelivered } } as Received
}

const headers = fc.dictionary(fc.stringMatching(/^[a-z0-9-]{1,20}$/), fc.string({ unit: 'grapheme' }), {
  noNullPrototype: true,
})

test('id, headers and marks come back as they were written', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      headers,
      fc.integer({ min: 1, max: 1000 }),
      fc.boolean(),
      (id, given, attempt, seen) => {
        const back = received(
          propertiesOf(
            { id, body: new Uint8Array(), headers: given },
            { attempt, seen, dueAt: 12, unanswered: 3, hop: 5 },
          ),
        )
        expect(messageOf(back).id).toBe(id)
        expect(messageOf(back).headers).toEqual(given)
        expect(marksOf(back)).toEqual({ attempt, seen: seen || attempt > 1, dueAt: 12, unanswered: 3, hop: 5 })
      },
    ),
  )
})

test('the largest headers stay below the 64 KiB that amqplib can write', () => {
  for (const character of ['\0', '界', '&', 'a']) {
    const value = character.repeat(Math.floor(16_380 / Buffer.byteLength(character)))
    const { headers: written } = propertiesOf({ id: 'm', body: new Uint8Array(), headers: { a: value } })
    expect(JSON.stringify(written).length).toBeLessThan(50_000)
  }
})

test('what strangers write is read as far as it makes sense, and harms nobody', () => {
  const odd: object[] = [
    {},
    { headers: null },
    { headers: { 'rc-headers': 7, 'rc-attempt': -1, 'rc-due': 'x', 'rc-seen': 'yes' } },
    { headers: { 'rc-headers': ['a'], 'rc-attempt': 1.5, 'rc-due': -5 } },
    { headers: JSON.parse('{"__proto__": {"rc-attempt": 9}}') },
    { messageId: 7, headers: { 'rc-headers': '%zz&&=' } },
  ]
  for (const properties of odd) {
    const message = received(properties)
    expect(messageOf(message).id).toBe('unknown')
    expect(marksOf(message)).toEqual({ attempt: 1, seen: false, dueAt: undefined, unanswered: 0, hop: 0 })
  }
  const polluted = messageOf(received({ headers: { 'rc-headers': '__proto__=x&constructor=y' } })).headers
  expect(Object.keys(polluted)).toEqual(['__proto__', 'constructor'])
  expect(Object.getPrototypeOf(polluted)).toBe(Object.prototype)
})
