import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonObject } from '../names/index.js'
import { decodeControl, encodeControl, listenerFactSchema } from './index.js'
import { plainListenerFact } from './plain-fact.js'

const name = fc.stringMatching(/^[A-Za-z0-9._%-]{1,8}$/)
const subscription = fc.record(
  {
    event: fc.constantFrom('issue.changed', 'issue.created', 'push.created', 'a-b.c_d'),
    attributes: fc.array(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 3 }),
    filter: fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 2 }),
    when: fc.constant('selected-changed'),
    selected: fc.array(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 2 }),
    tenants: fc.oneof(fc.constant('all'), fc.array(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 3 })),
  },
  { requiredKeys: ['event', 'attributes'] },
)
const fact = fc.record({
  ...{ v: fc.constant(1), kind: fc.constant('listener'), service: name, listener: name, set: name },
  queue: fc.oneof(
    name,
    fc.tuple(name, name).map(([queue, instance]) => `${queue}@${instance}`),
  ),
  delivery: fc.constantFrom('shared', 'each'),
  generation: fc.integer({ min: 1, max: 9 }),
  ...{ address: name, since: name },
  subscriptions: fc.uniqueArray(subscription, { minLength: 1, maxLength: 3, selector: ({ event }) => event }),
})

/** What somebody may have put in the place of something: other types, what is just too much, and what looks like it. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    0,
    1,
    2,
    -1,
    1.5,
    2 ** 53,
    true,
    [],
    {},
    [''],
    [1],
    [null],
    ['all'],
    'all',
    'x',
    'a!b',
  ),
  fc.constantFrom('issue.changed', 'issue', '.x', 'a@b', 'a@b@c', 'q\n', 'selected-changed', 'ß', 'shared'),
  fc
    .constantFrom(40, 41, 64, 65, 129, 130, 256, 257, 512, 513, 1024, 1025, 4096, 4097)
    .map((length) => 'x'.repeat(length)),
  fc.constantFrom(256, 257, 1024, 1025).map((length) => Array.from({ length }, () => 'x')),
  fc.jsonValue({ maxDepth: 2 }),
)

/** A copy with something odd in one of its places, which may be a new one; or one place gone. */
function spoilt(document: unknown, at: number, value: unknown): unknown {
  const places: (() => unknown)[] = []
  const copy = structuredClone(document)
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    const own = part as Record<string, unknown>
    for (const key of Object.keys(own)) {
      places.push(() => Object.assign(own, { [key]: value }))
      if (!Array.isArray(part)) places.push(() => void delete own[key])
      visit(own[key])
    }
    places.push(() => (Array.isArray(part) ? part.push(value) : Object.assign(own, { other: value })))
  }
  visit(copy)
  places[at % places.length]?.()
  return copy
}

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

test('the check by hand takes what the schema takes, and gives the same fact', () => {
  const spoils = fc.array(fc.tuple(fc.nat(), odd), { maxLength: 2 })
  const seen = { taken: 0, refused: 0 }
  fc.assert(
    fc.property(fact, spoils, (sound, changes) => {
      const spoiltAll = changes.reduce<unknown>((before, [at, value]) => spoilt(before, at, value), sound)
      const document = JSON.parse(JSON.stringify(spoiltAll)) as JsonObject
      const plain = plainListenerFact(document)
      const parsed = listenerFactSchema.safeParse(document)
      seen[parsed.success ? 'taken' : 'refused']++
      expect(plain).toEqual(parsed.data)
      expect(JSON.stringify(plain)).toBe(JSON.stringify(parsed.data))
    }),
    { numRuns: 2000 },
  )
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(400)
})

test('what the check by hand does not take is refused in the words of the schema', () => {
  fc.assert(
    fc.property(fact, fc.nat(), odd, (sound, at, value) => {
      const document = spoilt(sound, at, value)
      const parsed = listenerFactSchema.safeParse(document)
      if (parsed.success) return
      const [issue] = parsed.error.issues
      const version = (document as { v?: unknown }).v
      if (typeof version === 'number' && version > 1) return
      expect(() => decodeControl(listenerFactSchema, bytes(document))).toThrow(issue?.message)
    }),
    { numRuns: 300 },
  )
})

test('listeners that ask for the same share the list of their attributes, which nobody can change', () => {
  const [one, other] = fc.sample(fact, 2).map((sound) => {
    const subscriptions = [{ event: 'issue.changed', attributes: ['title', 'owner{name}'], tenants: 'all' }]
    return decodeControl(listenerFactSchema, bytes({ ...sound, subscriptions }))
  })
  expect(one?.subscriptions[0]?.attributes).toBe(other?.subscriptions[0]?.attributes)
  expect(() => one?.subscriptions[0]?.attributes.push('more')).toThrow(TypeError)
  expect(decodeControl(listenerFactSchema, encodeControl(one!))).toEqual(one)
  const split = decodeControl(
    listenerFactSchema,
    bytes({ ...one, subscriptions: [{ event: 'issue.changed', attributes: ['title\nowner{name}'] }] }),
  )
  expect(split.subscriptions[0]?.attributes).toEqual(['title\nowner{name}'])
})
