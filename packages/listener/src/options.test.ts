import { RecordcastError } from '@recordcast/protocol'
import { expect, test } from 'vitest'
import { checkOptions } from './check-options.js'
import { setOf } from './subscribe.js'
import { createStage, issue } from './testdata/stage.js'

const { brokerOn, transport } = createStage()
const broker = brokerOn(transport)

const refused = (options: object): RecordcastError => {
  try {
    checkOptions({ service: 's', broker, ...options } as never)
  } catch (error) {
    if (error instanceof RecordcastError) return error
  }
  throw new Error(`taken: ${JSON.stringify(options)}`)
}

test.each([
  [{ service: '' }, '/service'],
  [{ service: 7 }, '/service'],
  [{ service: 'a\u0000' }, '/service'],
  [{ name: '' }, '/name'],
  [{ name: 'x'.repeat(145) }, '/name'],
  [{ broker: {} }, '/broker'],
  [{ broker: undefined }, '/broker'],
  [{ delivery: 'all' }, '/delivery'],
  [{ concurrency: 0 }, '/concurrency'],
  [{ concurrency: 1.5 }, '/concurrency'],
  [{ concurrency: '4' }, '/concurrency'],
  [{ retry: null }, '/retry'],
  [{ retry: { delaysMs: 5 } }, '/retry/delaysMs'],
  [{ retry: { delaysMs: [1, -1] } }, '/retry/delaysMs/1'],
  [{ retry: { delaysMs: [Number.NaN] } }, '/retry/delaysMs/0'],
  [{ retry: { delaysMs: [2 ** 31] } }, '/retry/delaysMs/0'],
  [{ retry: { jitter: 1.1 } }, '/retry/jitter'],
  [{ timeoutMs: 0 }, '/timeoutMs'],
  [{ timeoutMs: Number.POSITIVE_INFINITY }, '/timeoutMs'],
  [{ missing: 'ignore' }, '/missing'],
  [{ dedup: { max: 0 } }, '/dedup/max'],
  [{ dedup: { ttlMs: -1 } }, '/dedup/ttlMs'],
  [{ dedup: { store: { has: () => true } } }, '/dedup/store'],
  [{ stopTimeoutMs: '1' }, '/stopTimeoutMs'],
  [{ askTimeoutMs: 0 }, '/askTimeoutMs'],
])('%j is refused, naming the option, what was found and what would do', (options, path) => {
  const error = refused(options)
  expect(error).toMatchObject({ code: 'invalid-options', path, expected: expect.stringMatching(/./) })
  expect('found' in error).toBe(true)
})

test('no options at all are refused', () => {
  expect(() => checkOptions(undefined as never)).toThrow(expect.objectContaining({ code: 'invalid-options' }))
})

test('the defaults are filled in, and a service alone is its own listener', () => {
  expect(checkOptions({ service: 's', broker })).toMatchObject({
    listener: 's',
    delivery: 'shared',
    concurrency: 16,
    retry: { delaysMs: [1000, 5000, 30_000, 120_000, 600_000], jitter: 0.2 },
    timeoutMs: 30_000,
    missing: 'retry',
    stopTimeoutMs: 30_000,
    askTimeoutMs: 5000,
  })
  expect(checkOptions({ service: 's', name: 'n', broker }).listener).toBe('s.n')
})

const stage = createStage()
const handler = () => undefined

test('on checks everything where it is written', () => {
  const on = (...args: unknown[]) => {
    const listener = stage.listener()
    return () => (listener.on as (...all: unknown[]) => unknown).call(listener, ...args)
  }
  const code = (expected: string) => expect.objectContaining({ code: expected })
  expect(on('issue.changed', { attributes: ['title'] }, handler)).toThrow(code('invalid-options'))
  expect(on({ name: 'nodot' }, { attributes: ['title'] }, handler)).toThrow(code('invalid-options'))
  expect(on(issue.changed, undefined, handler)).toThrow(code('invalid-options'))
  expect(on(issue.changed, {}, handler)).toThrow(code('invalid-options'))
  expect(on(issue.changed, { attributes: ['title'] }, 'handler')).toThrow(code('invalid-options'))
  expect(on(issue.changed, { attributes: ['title'], when: 'always' }, handler)).toThrow(code('invalid-options'))
  expect(on(issue.changed, { attributes: ['title'], tenants: 'own' }, handler)).toThrow(code('invalid-options'))
  expect(on(issue.changed, { attributes: ['title'], tenants: [''] }, handler)).toThrow(code('invalid-options'))
  expect(on(issue.changed, { attributes: ['a{'] }, handler)).toThrow(code('expression-syntax'))
  expect(on(issue.changed, { attributes: ['title'], where: { state: 'closed' } }, handler)).toThrow(
    code('invalid-pattern'),
  )
})

test('a second handler for an event type is refused, the first stays', () => {
  const listener = stage.listener().on(issue.changed, { attributes: ['title'] }, handler)
  expect(() => listener.on(issue.changed, { attributes: ['state'] }, handler)).toThrow(
    expect.objectContaining({ code: 'duplicate-handler', found: 'issue.changed' }),
  )
  listener.on(issue.deleted, { attributes: [] }, handler)
})

test('the set is the same whatever the order of types and keys, and another for other subscriptions', () => {
  const one = { event: 'a.b', attributes: ['x'], filter: { p: ['1'], q: ['2'] }, tenants: 'all' } as const
  const other = { event: 'a.c', attributes: [], tenants: 'all' } as const
  const same = setOf([
    { ...one, attributes: ['x'] },
    { ...other, attributes: [] },
  ])
  const { p, q } = one.filter
  const turned = { tenants: 'all', filter: { q: [...q], p: [...p] }, attributes: ['x'], event: 'a.b' } as const
  expect(
    setOf([
      { ...other, attributes: [] },
      { ...turned, attributes: ['x'] },
    ]),
  ).toBe(same)
  expect(
    setOf([
      { ...one, attributes: ['y'] },
      { ...other, attributes: [] },
    ]),
  ).not.toBe(same)
  expect(
    setOf([
      { ...one, attributes: ['x'], tenants: ['t'] },
      { ...other, attributes: [] },
    ]),
  ).not.toBe(same)
})
