import { encodeControl } from '@recordcast/protocol/control'
import { answerSchema } from '@recordcast/protocol/requests'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closing, issue, rig } from './testdata/rig.js'

/*
Whatever is asked, a source answers with something that every reader takes: what it knows, or an error with a code. It goes on emitting all the while.
*/

const json = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>('__proto__', '', 'e0', 'issue.changed', 'x'.repeat(3000), -1, 1e308, null, [], {
    __proto__: 1,
  }),
)
const facts = fc.oneof(
  json,
  fc.dictionary(fc.constantFrom('title', 'authorId', 'author', 'state', '__proto__', 'constructor'), json),
)
const name = fc.constantFrom(
  'issue.changed',
  'issue.created',
  'issue.deleted',
  'issue.odd',
  'user.changed',
  'push.x',
  '',
  '.',
)

test('no request, however hostile, goes without an answer that can be read', async () => {
  const { source, subscribe, transport, fact, ask } = await rig({ decisions: { keep: 10 } })
  const filter = { author: { login: [{ wildcard: '*a*' }] }, $before: { state: ['open'] }, $changed: ['state'] }
  const key = await subscribe('all', { attributes: ['author{login}', '$before.state', 'extra.a[].b'], filter })
  const { id } = await source.emit(issue.changed, { id: '7', ...closing })
  const request = fc.oneof(
    fc.record(
      {
        ...{ v: fc.constant(1), kind: fc.constant('explain'), key: fc.oneof(fc.constant(key), json) },
        event: fc.oneof(fc.constant(id), json),
      },
      { requiredKeys: ['v', 'kind', 'key'] },
    ),
    fc.record({
      ...{ v: fc.constant(1), kind: fc.constant('explain'), key: fc.constant(key) },
      sample: fc.record(
        { type: name, subject: fc.oneof(fc.string(), json), tenant: json, before: facts, after: facts },
        { requiredKeys: ['type', 'subject'] },
      ),
    }),
    fc.record(
      {
        ...{ v: fc.constant(1), kind: fc.constant('decisions') },
        after: fc.oneof(fc.nat(), json),
        limit: fc.oneof(fc.integer({ min: 1, max: 500 }), json),
      },
      { requiredKeys: ['v', 'kind'] },
    ),
    fc.record(
      { v: fc.constant(1), kind: fc.constant('stats'), queues: json, offset: fc.oneof(fc.nat(), json) },
      { requiredKeys: ['v', 'kind'] },
    ),
    json,
  )
  const kinds = new Set<string>()
  await fc.assert(
    fc.asyncProperty(request, async (asked) => {
      const body = encodeControl(asked as object, 16 * 1024 * 1024)
      const reply = await transport.request(fact.address, { id: 'r', body, headers: {} }, { timeoutMs: 5000 })
      const answer = answerSchema.parse(JSON.parse(new TextDecoder().decode(reply.body)))
      kinds.add(answer.kind)
    }),
    { numRuns: 500 },
  )
  expect([...kinds].sort()).toEqual(['decisions', 'error', 'explain', 'stats'])
  expect(({} as Record<string, unknown>).x).toBeUndefined()
  await source.emit(issue.changed, { id: '8', ...closing })
  expect((await ask({ v: 1, kind: 'decisions', limit: 500 })).decisions.length).toBe(2)
})
