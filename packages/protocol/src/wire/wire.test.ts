import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordcastError } from '../errors/index.js'
import { decodeEvent, encodeEvent, type WireEvent } from './index.js'

const word = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  fc.constantFrom(
    '7',
    '__proto__',
    'constructor',
    '"',
    '\\',
    'a/b',
    '%2F',
    '%zz',
    '😀',
    '\u2028',
    'null',
    '{}',
    'tenant',
  ),
)
const data = fc.dictionary(word, fc.jsonValue({ maxDepth: 4 }), { noNullPrototype: true })
const time = fc
  .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') })
  .map((date) => date.toISOString())
const event: fc.Arbitrary<WireEvent> = fc.record(
  {
    id: word,
    source: word,
    type: word,
    subject: word,
    time,
    tenant: word,
    user: word,
    audience: fc.oneof(fc.constant('tenant' as const), fc.array(word)),
    projection: fc.constantFrom('', 'abc', 'A-_9'),
    missing: fc.array(fc.record({ path: word, code: word, message: fc.string() }), { minLength: 1 }),
    traceparent: fc.constant('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
    data,
  },
  { requiredKeys: ['id', 'source', 'type', 'subject', 'time', 'projection', 'data'], noNullPrototype: true },
)

const json = (text: string): Uint8Array => new TextEncoder().encode(text)
const documentOf = (bytes: Uint8Array): Record<string, unknown> => JSON.parse(new TextDecoder().decode(bytes))
const plain: WireEvent = {
  ...{ id: '1', source: 'forge', type: 'issue.changed', subject: '7', time: '2026-01-02T03:04:05.678Z' },
  ...{ projection: 'p', data: { title: 'T' } },
}

test('an event comes back as it was written', () => {
  fc.assert(
    fc.property(event, (written) => {
      const expected = { ...written, data: JSON.parse(JSON.stringify(written.data)) }
      const bytes = encodeEvent(written)
      expect(decodeEvent(bytes)).toEqual(expected)
      expect(encodeEvent(written, JSON.stringify(written.data))).toEqual(bytes)
    }),
  )
})

test('an event is a CloudEvents 1.0 document, whatever is in it', () => {
  const required = ['id', 'source', 'specversion', 'type']
  const optional = ['datacontenttype', 'dataschema', 'subject', 'time', 'data']
  fc.assert(
    fc.property(event, (written) => {
      const document = documentOf(encodeEvent(written))
      for (const name of required) expect(document[name], name).toMatch(/./su)
      expect(document).toMatchObject({ specversion: '1.0', datacontenttype: 'application/json' })
      // RFC 3986: a URI-reference; a segment of unreserved characters and %XX is one.
      expect(document.source).toMatch(/^(?:[A-Za-z0-9._-]|%[0-9A-F]{2})+$/)
      expect(() => new URL(String(document.source), 'https://base.example/')).not.toThrow()
      for (const [name, value] of Object.entries(document)) {
        if ([...required, ...optional].includes(name)) continue
        expect(name).toMatch(/^[a-z0-9]{1,20}$/)
        expect(typeof value, name).toBe('string')
      }
    }),
  )
})

test('the data text goes into the document as it stands', () => {
  const document = documentOf(encodeEvent({ ...plain, data: {} }, '{"a":[1, 2]}'))
  expect(document.data).toEqual({ a: [1, 2] })
})

test('audience service and an empty missing list are the same as none', () => {
  expect(decodeEvent(encodeEvent({ ...plain, audience: 'service', missing: [] }))).toEqual(plain)
  expect(documentOf(encodeEvent({ ...plain, audience: 'service', missing: [] }))).not.toHaveProperty('audience')
})

test('an audience of nobody stays one of nobody, and a user called tenant stays a user', () => {
  expect(decodeEvent(encodeEvent({ ...plain, audience: [] })).audience).toEqual([])
  expect(decodeEvent(encodeEvent({ ...plain, audience: ['tenant'] })).audience).toEqual(['tenant'])
})

test('__proto__ and constructor in the data are ordinary keys and pollute nothing', () => {
  const hostile = json(
    '{"specversion":"1.0","id":"1","source":"s","type":"a.b","subject":"7","time":"2026-01-01T00:00:00Z",' +
      '"__proto__":{"tenantid":"evil"},"data":{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}}',
  )
  const read = decodeEvent(hostile)
  expect(Object.keys(read.data)).toEqual(['__proto__', 'constructor'])
  expect(read.data.admin).toBeUndefined()
  expect(({} as Record<string, unknown>).admin).toBeUndefined()
  expect(read.tenant).toBeUndefined()
  expect(documentOf(encodeEvent(read)).data).toEqual(documentOf(hostile).data)
})

test('what a foreign producer wrote is read: unknown extensions passed over, nulls absent, another offset brought to UTC', () => {
  const document = {
    ...{ specversion: '1.3', id: 'x', type: 'issue.changed', source: 'https://forge.example/a%2Fb', subject: '7' },
    ...{ time: '2026-01-02T05:04:05.5+02:00', dataschema: 'https://schema.example', sampledrate: 5, tenantid: null },
    ...{ userid: null, data: {} },
  }
  expect(decodeEvent(json(JSON.stringify(document)))).toEqual({
    ...{
      id: 'x',
      source: 'https://forge.example/a%2Fb',
      type: 'issue.changed',
      subject: '7',
      projection: '',
      data: {},
    },
    time: '2026-01-02T03:04:05.500Z',
  })
})

function refusal(bytes: Uint8Array): RecordcastError {
  try {
    decodeEvent(bytes)
  } catch (error) {
    if (error instanceof RecordcastError) return error
    throw error
  }
  throw new Error('it was read')
}

const good = new TextDecoder().decode(encodeEvent(plain))

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
  ['invalid UTF-8', Uint8Array.of(0x22, 0xc3, 0x28, 0x22)],
  ['an overlong encoding', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22)],
  ['UTF-16', Uint8Array.from(Buffer.from(good, 'utf16le'))],
  ['a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf, ...json(good))],
  ['gzip', Uint8Array.of(0x1f, 0x8b, 0x08, 0)],
  ['a truncated document', json(good.slice(0, -2))],
  ['two documents', json(good + good)],
  ['a text', json('"text"')],
  ['a number', json('7')],
  ['null', json('null')],
  ['true', json('true')],
  ['a list', json(`[${good}]`)],
  ['100,000 lists', json('['.repeat(100_000) + ']'.repeat(100_000))],
  ['100,000 lists in data', json(good.replace('"T"', '['.repeat(100_000) + ']'.repeat(100_000)))],
  ['100,000 objects in data', json(good.replace('"T"', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`))],
  ['100,000 brackets that never close', json('[{"a":'.repeat(100_000))],
])('%s is undecodable, soon', (_, bytes) => {
  expect(refusal(bytes)).toMatchObject({ code: 'undecodable', path: '', expected: 'a CloudEvents 1.0 JSON document' })
  expect(fastest(() => refusal(bytes))).toBeLessThan(50)
})

const wrong = [7, true, [], {}, '']
test.each<[string, readonly unknown[]]>([
  ['specversion', [...wrong, undefined, null]],
  ['id', [...wrong, undefined, null]],
  ['source', [...wrong, undefined, null]],
  ['type', [...wrong, undefined, null]],
  ['subject', [...wrong, undefined, null]],
  ['time', [...wrong, undefined, null, 'yesterday', '2026', '7', '2026-13-01T00:00:00Z', '2026-01-01', '1 May 2026']],
  ['tenantid', wrong],
  ['userid', wrong],
  ['audience', [...wrong, 'all', '"tenant"', '[7]', '{}', '[', 'null']],
  ['projection', wrong],
  ['missing', [...wrong, '[', '7', '{}', '[7]', '[null]', '[{"path":"a"}]', '[{"path":"a","code":"b","message":7}]']],
  ['traceparent', wrong],
  ['data', [undefined, null, 7, 'text', true, []]],
])('%s of the wrong type is undecodable, and the path says so', (name, values) => {
  for (const value of values) {
    const error = refusal(json(JSON.stringify({ ...documentOf(json(good)), [name]: value })))
    expect(error, JSON.stringify(value)).toMatchObject({ code: 'undecodable', path: `/${name}` })
    expect(error.expected).toMatch(/./)
    expect(error.message).toContain(`/${name}`)
  }
})

test.each(['0.3', '2.0', '1', '1.', '10.0', 'one'])('specversion %s is an unsupported version', (specversion) => {
  const error = refusal(json(JSON.stringify({ ...documentOf(json(good)), specversion })))
  expect(error).toMatchObject({ code: 'unsupported-version', path: '/specversion', found: specversion })
})

test('no bytes make decoding throw anything but a RecordcastError', () => {
  const mutated = fc.tuple(event, fc.nat(), fc.uint8Array({ maxLength: 4 })).map(([written, place, bytes]) => {
    const body = encodeEvent(written)
    const at = place % body.length
    return Uint8Array.from([...body.slice(0, at), ...bytes, ...body.slice(at + bytes.length)])
  })
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array()), (bytes) => {
      try {
        decodeEvent(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(RecordcastError)
      }
    }),
  )
})
