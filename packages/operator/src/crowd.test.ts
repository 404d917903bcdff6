import type { ListenerFact } from '@recordcast/protocol/control'
import { announceListener, announceSource } from '@recordcast/registry'
import { beforeAll, expect, test } from 'vitest'
import { openOperator } from './index.js'
import { listenerFact, type Stage, sourceFact, stage } from './testdata/stage.js'

/*
10,000 listeners on the board. What must not happen is that one question holds up everybody else, so the test counts the turns that others get while it is answered: each
slice of a hundred listeners ends with one. (Measured as well, for the documentation: the longest hold-up of the event loop is told below and not judged here.)
*/

const crowd = 10_000
const slices = crowd / 100

const names = [
  'title',
  'state',
  'author.login',
  'author.mail',
  'labels[].name',
  'milestone{title,due}',
  '$before.state',
  'body',
  'number',
  'url',
]

function fact(index: number): ListenerFact {
  const attributes = names.filter((_, at) => (index >> (at % 8)) % 2 === 0 || at === index % names.length).sort()
  const filter = { state: ['open'], author: { login: [{ prefix: `u${index % 500}` }] } }
  return listenerFact(`service-${String(index).padStart(5, '0')}`, [
    { event: 'issue.changed', attributes, filter, tenants: 'all' },
  ])
}

let turns = 0
let stop = false
/** Counts the turns of the event loop until it is told to stop. */
const count = (): void => {
  turns++
  if (!stop) setImmediate(count)
}

let joined: Stage

beforeAll(async () => {
  joined = stage()
  const { transport } = joined.lasting()
  await announceSource(
    transport,
    sourceFact('forge', {
      records: [
        { name: 'issue', links: ['author'], targets: { author: 'user' } },
        { name: 'user', links: [] },
      ],
    }),
  )
  for (let from = 0; from < crowd; from += 500)
    await Promise.all(Array.from({ length: 500 }, (_, index) => announceListener(transport, fact(from + index))))
}, 60_000)

test('others get their turns while questions about 10,000 listeners are answered', async () => {
  const operator = await openOperator({ broker: joined.lasting(), requestTimeoutMs: 50, parallel: 8 })
  const questions: Record<string, () => Promise<unknown>> = {
    'a page of subscriptions by attribute': () => operator.subscriptions({ attribute: 'author', limit: 500 }),
    'a page of listeners by name': () => operator.listeners({ search: '-0999', limit: 500 }),
    'attributes of a record': () => operator.attributes('issue'),
    'impact of a removal': () => operator.impact('issue', { remove: ['author.login'] }),
    'impact on a linked record': () => operator.impact('user', { remove: ['login'] }),
    'a source whole': () => operator.source('forge'),
    'the AsyncAPI document': () => operator.asyncapi(),
    'the catalogue with its lint': () => operator.catalogue(),
  }
  stop = false
  setImmediate(count)
  for (const [question, ask] of Object.entries(questions)) {
    const before = turns
    await ask()
    expect(turns - before, question).toBeGreaterThanOrEqual(slices)
  }
  stop = true
  expect((await operator.listeners({ limit: 1 })).total).toBe(crowd)
  const { breaks, broken } = await operator.impact('user', { remove: ['login'] })
  expect(broken).toHaveLength(crowd)
  expect(breaks.length).toBeGreaterThanOrEqual(crowd)
  await operator.close()
}, 60_000)

test('reading them takes as many turns: opening holds nobody up', async () => {
  stop = false
  const before = turns
  setImmediate(count)
  const operator = await openOperator({ broker: joined.lasting(), requestTimeoutMs: 50 })
  stop = true
  expect(turns - before).toBeGreaterThanOrEqual(slices)
  await operator.close()
}, 60_000)
