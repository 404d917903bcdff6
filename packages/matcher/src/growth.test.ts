import { describe, expect, test } from 'vitest'
import { createMatcher } from './index.js'

/* That an event costs no more where there are more patterns shows in the steps of look-ups, without a clock. */

type Make = (key: number) => unknown
type Event = Readonly<Record<string, unknown>>

/** Steps for one event among so many patterns, of which it matches as many as `found` says. */
function stepsAmong(count: number, make: Make, event: Event, found: number): number {
  const matcher = createMatcher<number>()
  for (let key = 0; key < count; key++) matcher.add(key, make(key))
  expect(matcher.counts().patterns).toBe(count)
  // What comes up in vain at first is filed anew.
  for (let time = 0; time < 20; time++) matcher.match(event)
  const before = matcher.counts().steps
  expect(matcher.match(event)).toHaveLength(found)
  return matcher.counts().steps - before
}

const few = 100
const many = 4000
const text = (key: number) => `v${String(key).padStart(6, '0')}`
const event = { type: 'x', a: 'v000007', n: 70, ip: '10.0.0.14', kind: 'k' }
const leaf =
  (name: string, make: (key: number) => unknown): Make =>
  (key) => ({ [name]: [make(key)] })

describe('the work for an event does not grow with patterns of', () => {
  test.each<[kind: string, make: Make, found?: number]>([
    ['exact', leaf('a', text)],
    ['exact number', leaf('n', (key) => key * 10)],
    ['prefix', leaf('a', (key) => ({ prefix: text(key) }))],
    ['suffix', leaf('a', (key) => ({ suffix: text(key) }))],
    ['equals-ignore-case', leaf('a', (key) => ({ 'equals-ignore-case': text(key).toUpperCase() }))],
    ['prefix without case', leaf('a', (key) => ({ prefix: { 'equals-ignore-case': text(key).toUpperCase() } }))],
    ['suffix without case', leaf('a', (key) => ({ suffix: { 'equals-ignore-case': text(key).toUpperCase() } }))],
    ['wildcard', leaf('a', (key) => ({ wildcard: `${text(key)}*` }))],
    ['wildcard in front', leaf('a', (key) => ({ wildcard: `*${text(key)}` }))],
    ['numeric', leaf('n', (key) => ({ numeric: ['>', key * 10 - 5, '<=', key * 10 + 4] }))],
    ['numeric without an end', leaf('n', (key) => ({ numeric: ['>', 65 + key * 10] }))],
    ['cidr', leaf('ip', (key) => ({ cidr: `10.0.${key >> 7}.${(key & 127) * 2}/31` }))],
    ['exists', (key) => ({ a: [{ exists: true }], [`f${key}`]: [{ exists: true }] }), 0],
    ['anything-but beside a value', (key) => ({ kind: [{ 'anything-but': 'z' }], a: [text(key)] })],
    ['a common value beside one that is not', (key) => ({ type: ['x'], kind: ['k'], a: [{ prefix: text(key) }] })],
    ['$or', (key) => ({ $or: [{ a: [text(key)] }, { ip: [`b${key}`] }] })],
    [
      'many alternatives',
      (key) => ({ a: [text(key), `${key}-`, { prefix: `x${key}` }, { numeric: ['<', -key - 1] }] }),
    ],
  ])('%s', (_, make, found = 1) => {
    const steps = stepsAmong(few, make, event, found)
    expect(steps).toBeGreaterThan(0)
    // A tree of ranges is deeper by the logarithm of their number.
    expect(stepsAmong(many, make, event, found)).toBeLessThanOrEqual(steps + 30)
  })

  test('anything-but and exists, but by the patterns that match', () => {
    const refuses: Make = (key) => ({ a: [{ 'anything-but': [text(key), 'z'] }], gone: [{ exists: false }] })
    const steps = stepsAmong(many, refuses, event, many - 1)
    // A step for each that matches, and a word for every 32.
    expect(steps).toBeLessThan(many * 1.25)
    expect(stepsAmong(many, refuses, { ...event, gone: 1 }, 0)).toBeLessThan(many / 4)
    expect(stepsAmong(many, refuses, { b: 1 }, 0)).toBeLessThan(10)
  })

  test('a long range among many short ones', () => {
    const make: Make = (key) => ({ n: [{ numeric: key === 0 ? ['>', 0] : ['>', key * 10 - 5, '<=', key * 10 + 4] }] })
    expect(stepsAmong(many, make, { n: 30_000 }, 2)).toBeLessThan(300)
  })
})
