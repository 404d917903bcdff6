import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordcastError } from '../errors/index.js'
import { checkName, encodeName, listenerAddress, listenerId, queueOf, sourceAddress } from './index.js'

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => value.isWellFormed()),
  fc
    .array(fc.constantFrom('%', '%25', '@', '/', '!', '.', ' ', '\n', 'a', '~', "'", '*', 'ä', '😀'))
    .map((parts) => parts.join('')),
)
const pair = fc.tuple(text, text)

test('different texts have different encoded names, and each can be read back', () => {
  fc.assert(
    fc.property(pair, ([one, other]) => {
      expect(encodeName(one) === encodeName(other)).toBe(one === other)
      expect(decodeURIComponent(encodeName(one))).toBe(one)
    }),
  )
})

test('an encoded name holds nothing but letters, digits and . _ - %, whatever it was made of', () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', 'a\udfffb')), (value) => {
      expect(encodeName(value)).toMatch(/^[A-Za-z0-9._%-]*$/)
    }),
  )
})

test('queues, and addresses, are different for different inputs', () => {
  fc.assert(
    fc.property(pair, pair, ([a, b], [c, d]) => {
      const same = a === c && b === d
      expect(queueOf(a, b) === queueOf(c, d)).toBe(same)
      expect(queueOf(a)).not.toBe(queueOf(c, d))
      expect(sourceAddress(a, b) === sourceAddress(c, d)).toBe(same)
      const [one, other] = [queueOf(a), queueOf(c)]
      expect(listenerAddress(one, encodeName(b)) === listenerAddress(other, encodeName(d))).toBe(same)
      expect(listenerAddress(one, encodeName(b))).not.toBe(sourceAddress(c, d))
    }),
  )
})

test('a listener is called by its service, or by service.name', () => {
  expect(listenerId('billing')).toBe('billing')
  expect(listenerId('billing', 'audit')).toBe('billing.audit')
  expect(queueOf(listenerId('billing', 'audit'))).toBe('billing.audit')
  expect(queueOf('billing', 'a/b')).toBe('billing@a%2Fb')
})

test('the longest name still makes an address that every transport takes', () => {
  const longest = 'x'.repeat(150)
  expect(checkName('service', longest)).toBe(longest)
  expect(sourceAddress(longest, '0192f3a4-0000-7000-8000-000000000000').length).toBeLessThanOrEqual(200)
})

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [7, 'number'],
  [{}, 'object'],
  ['', 'empty'],
  ['a\ud800', 'half of a surrogate pair'],
  ['a\nb', 'control character'],
  ['a\u0000', 'control character'],
  ['a\u0085', 'control character'],
  ['x'.repeat(151), 'too long'],
  ['ä'.repeat(26), 'too long'],
])('the name %o is refused: it is %s', (value, why) => {
  const attempt = (): string => checkName('service', value)
  expect(attempt).toThrow(RecordcastError)
  expect(attempt).toThrow(why)
  expect(attempt).toThrow(expect.objectContaining({ code: 'invalid-options', path: '/service' }))
})

test.each(['billing', 'Ärzte', 'a b', 'a/b', 'a@b!c', '__proto__', '😀', '.'])(
  'the name %s is taken as it is',
  (name) => {
    expect(checkName('service', name)).toBe(name)
  },
)
