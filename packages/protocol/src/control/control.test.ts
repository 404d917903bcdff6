import { expect, test } from 'vitest'
import { RecordcastError } from '../errors/index.js'
import { queueOf } from '../names/index.js'
import {
  decodeControl,
  encodeControl,
  type ListenerFact,
  largestSourceAnnouncement,
  listenerFactSchema,
  type SourceFact,
  sourceFactSchema,
} from './index.js'

const listener: ListenerFact = {
  ...{ v: 1, kind: 'listener', service: 'billing', listener: 'billing.audit', queue: queueOf('billing.audit', 'a/b') },
  ...{ delivery: 'each', set: 'abc_DEF-123', generation: 1, address: 'listener/billing.audit/abc' },
  since: '2026-01-02T03:04:05.678Z',
  subscriptions: [
    { event: 'issue.changed', attributes: ['title', 'owner{name}'], tenants: 'all' },
    {
      ...{ event: 'issue.status-changed', attributes: [], filter: { state: ['closed'] }, tenants: ['a', 'b'] },
      ...{ when: 'selected-changed', selected: ["title!'none'"] },
    },
  ],
}
const source: SourceFact = {
  ...{ v: 1, kind: 'source', service: 'forge', instance: 'one', address: 'source/forge/one', since: '2026-01-02' },
  records: [
    { name: 'issue', schema: { type: 'object', properties: { title: { type: 'string' } } }, links: ['repository'] },
    { name: 'push', links: [], events: ['forced'] },
  ],
}

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

function refusal(body: Uint8Array, schema: Parameters<typeof decodeControl>[0] = listenerFactSchema): RecordcastError {
  try {
    decodeControl(schema, body)
  } catch (error) {
    if (error instanceof RecordcastError) return error
    throw error
  }
  throw new Error('it was read')
}

/** A copy of the listener's fact with one place changed, given as a JSON pointer. */
function changed(pointer: string, value: unknown): unknown {
  const copy = structuredClone(listener) as unknown
  const steps = pointer.slice(1).split('/')
  const last = steps.pop() as string
  const parent = steps.reduce((at, step) => (at as Record<string, unknown>)[step], copy)
  ;(parent as Record<string, unknown>)[last] = value
  return copy
}

test('facts come back as they were written', () => {
  expect(decodeControl(listenerFactSchema, encodeControl(listener))).toEqual(listener)
  expect(decodeControl(sourceFactSchema, encodeControl(source))).toEqual(source)
})

test('a fact that grew fields in a newer minor release still reads', () => {
  const grown = {
    ...{ ...listener, priority: 5, address2: null },
    subscriptions: listener.subscriptions.map((each) => ({ ...each, sample: 0.5 })),
  }
  expect(decodeControl(listenerFactSchema, bytes(grown))).toEqual(listener)
  const records = source.records.map((each) => ({ ...each, titles: {} }))
  expect(decodeControl(sourceFactSchema, bytes({ ...source, records, region: 'eu' }))).toEqual(source)
})

test('a subscription that says nothing of tenants is for all of them', () => {
  const read = decodeControl(listenerFactSchema, bytes(changed('/subscriptions/0/tenants', undefined)))
  expect(read.subscriptions[0]?.tenants).toBe('all')
})

test('__proto__ in a filter or a schema stays an own key and pollutes nothing', () => {
  const filter = JSON.parse('{"__proto__":{"state":["closed"]},"constructor":{"prototype":{"x":[1]}}}')
  const read = decodeControl(listenerFactSchema, bytes(changed('/subscriptions/0/filter', filter)))
  const kept = read.subscriptions[0]?.filter as object
  expect(Object.keys(kept)).toEqual(['__proto__', 'constructor'])
  expect(Object.getPrototypeOf(kept)).toBe(Object.prototype)
  expect(encodeControl(read)).toEqual(encodeControl(JSON.parse(JSON.stringify(read))))
  expect(JSON.stringify(read)).toContain('"__proto__":{"state":["closed"]}')
  expect(({} as Record<string, unknown>).state).toBeUndefined()
})

test('an own __proto__ gives a fact nothing', () => {
  const hostile = JSON.stringify({ kind: 'listener' }).replace('}', `,"__proto__":${JSON.stringify(listener)}}`)
  expect(refusal(new TextEncoder().encode(hostile))).toMatchObject({ code: 'announcement-invalid', path: '/v' })
})

/** Milliseconds of processor time so far: what else the machine does is no matter. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Milliseconds of the fastest of three runs. */
function fastest(run: () => unknown): number {
  const times = [1, 2, 3].map(() => {
    const began = cpuMs()
    run()
    return cpuMs() - began
  })
  return Math.min(...times)
}

test.each<[string, Uint8Array]>([
  ['nothing', new Uint8Array()],
  ['a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes(listener))],
  ['gzip', Uint8Array.of(0x1f, 0x8b, 0x08, 0)],
  ['invalid UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
  ['a truncated fact', bytes(listener).slice(0, -1)],
  ['a text', bytes('listener')],
  ['a number', bytes(1)],
  ['null', bytes(null)],
  ['a list', bytes([listener])],
  [
    'a deep filter',
    new TextEncoder().encode(
      `{"v":1,"kind":"listener","subscriptions":[{"filter":${'{"a":'.repeat(5000)}1${'}'.repeat(5002)}`,
    ),
  ],
])('%s is an invalid announcement, soon', (_, body) => {
  expect(refusal(body)).toMatchObject({ code: 'announcement-invalid', path: '' })
  expect(fastest(() => refusal(body))).toBeLessThan(50)
})

test.each<[string, unknown]>([
  ['/v', 0],
  ['/v', '1'],
  ['/v', null],
  ['/kind', 'source'],
  ['/kind', undefined],
  ['/service', ''],
  ['/service', 7],
  ['/service', 'x'.repeat(257)],
  ['/listener', ['billing']],
  ['/queue', 'billing!parked'],
  ['/queue', 'a/b'],
  ['/queue', 'a b'],
  ['/queue', 'a@b@c'],
  ['/queue', 'x'.repeat(513)],
  ['/set', 'a/b'],
  ['/set', ''],
  ['/delivery', 'some'],
  ['/generation', 0],
  ['/generation', 1.5],
  ['/generation', 1e300],
  ['/generation', '1'],
  ['/address', undefined],
  ['/subscriptions', []],
  ['/subscriptions', {}],
  ['/subscriptions', Array(257).fill(listener.subscriptions[0])],
  ['/subscriptions/1', null],
  ['/subscriptions/1/event', 'issue'],
  ['/subscriptions/1/event', 'issue.a.b'],
  ['/subscriptions/1/event', '__proto__.changed'],
  ['/subscriptions/1/attributes', 'title'],
  ['/subscriptions/1/attributes/0', 7],
  ['/subscriptions/1/attributes/0', ''],
  ['/subscriptions/1/attributes/0', 'x'.repeat(4097)],
  ['/subscriptions/1/filter', []],
  ['/subscriptions/1/filter', 'closed'],
  ['/subscriptions/1/when', 'always'],
  ['/subscriptions/1/selected', 'title'],
  ['/subscriptions/1/tenants', 'own'],
  ['/subscriptions/1/tenants', [7]],
])('%s of %j is refused there', (path, value) => {
  const error = refusal(bytes(changed(path, value)))
  expect(error).toMatchObject({ code: 'announcement-invalid', path })
  expect(error.message).toContain(`"${path}"`)
  expect(error.expected).toMatch(/./)
  expect(error.found).toBeDefined()
})

test('what a refusal found is shown and cut', () => {
  expect(refusal(bytes(changed('/generation', 'x'.repeat(99)))).found).toBe(`${'x'.repeat(63)}…`)
  expect(refusal(bytes(changed('/subscriptions/0/tenants', [7])))).toMatchObject({
    ...{ found: '[7]', expected: 'expected "all" or a list of tenants' },
  })
})

test.each([2, 1.5, 1e308])('protocol %s is an unsupported version, whatever else is in it', (v) => {
  expect(refusal(bytes({ v, nothing: 'known' }))).toMatchObject({
    code: 'announcement-unsupported-version',
    path: '/v',
  })
})

test('a listener gets 64 KiB and not a byte more, a source sixteen times as much', () => {
  const sized = (size: number): unknown => changed('/note', 'x'.repeat(size - bytes(changed('/note', '')).length))
  expect(decodeControl(listenerFactSchema, bytes(sized(65_536)))).toEqual(listener)
  expect(refusal(bytes(sized(65_537)))).toMatchObject({ code: 'announcement-too-large', found: '65537' })
  expect(() => encodeControl(sized(65_537) as object)).toThrow(
    expect.objectContaining({ code: 'announcement-too-large', found: '65537' }),
  )
  const large = { ...source, note: 'x'.repeat(1_000_000) }
  expect(
    decodeControl(sourceFactSchema, encodeControl(large, largestSourceAnnouncement), largestSourceAnnouncement),
  ).toEqual(source)
  expect(refusal(new Uint8Array(largestSourceAnnouncement))).toMatchObject({ code: 'announcement-too-large' })
})

test('a source without records, and with odd ones, is told apart', () => {
  expect(decodeControl(sourceFactSchema, bytes({ ...source, records: [] })).records).toEqual([])
  const records = [{ name: 'issue', links: [], schema: 'open' }]
  expect(refusal(bytes({ ...source, records }), sourceFactSchema)).toMatchObject({ path: '/records/0/schema' })
})
