import type { Subscription } from '@recordcast/protocol/control'
import { digestOf } from '@recordcast/protocol/language'
import { expect, test } from 'vitest'
import { type BelongsInput, belongs } from './belongs.js'
import type { Neighbours } from './neighbours.js'
import { otherFact, wireEvent } from './testdata/stage.js'

const alone: Neighbours = { sets: new Set(), unread: false, standing: [], known: [] }
const closed = { state: ['closed'] }
const own: Subscription = { event: 'issue.changed', attributes: ['title'], filter: closed, tenants: 'all' }
const made = digestOf(['title'])

function beside(subscription: Partial<Subscription> = {}, until = Number.POSITIVE_INFINITY): Neighbours {
  const fact = otherFact({
    subscriptions: [{ event: 'issue.changed', attributes: ['state'], tenants: 'all', ...subscription }],
  })
  const standing = until === Number.POSITIVE_INFINITY ? [fact] : []
  return { sets: new Set(standing.map(({ set }) => set)), unread: false, standing, known: [{ fact, until }] }
}

const judge = (input: Partial<BelongsInput> & { event?: BelongsInput['event'] }) =>
  belongs({
    event: wireEvent({ projection: made }),
    wanted: undefined,
    set: 'mine',
    since: 0,
    subscription: own,
    neighbours: alone,
    ...input,
  })

const undecided = [{ path: '$filter', code: 'loader-failed', message: 'm' }]

test('alone on the queue everything that was decided is mine', () => {
  expect(judge({})).toBe('mine')
})

test('an event older than this set was made for another: its filter is asked, and none where there is none', () => {
  const event = wireEvent({ projection: made, time: '2026-01-01T00:00:00Z' })
  const since = Date.parse('2026-01-01T00:00:01Z')
  expect(judge({ event, since })).toBe('ask')
  expect(judge({ event, since: since - 1000 })).toBe('mine')
  expect(judge({ event, since, wanted: 'mine' })).toBe('mine')
  const { filter: _, ...open } = own
  expect(judge({ event, since, subscription: open })).toBe('mine')
})

test('the header wanted decides between sets that stand', () => {
  const neighbours = beside()
  expect(judge({ wanted: 'mine', neighbours })).toBe('mine')
  expect(judge({ wanted: 'other, mine', neighbours })).toBe('mine')
  expect(judge({ wanted: 'other', neighbours })).toBe('theirs')
})

test('when no set that was wanted stands any more this filter decides, for an event in the queue must not be lost', () => {
  expect(judge({ wanted: 'gone,older', neighbours: beside() })).toBe('ask')
  const { filter: _, ...open } = own
  expect(judge({ wanted: 'gone', subscription: open })).toBe('mine')
})

test('a filter that the source could not decide is checked here, on what the event carries', () => {
  const event = wireEvent({ projection: made, data: { title: 'T', $filter: { state: 'closed' } } })
  expect(judge({ event })).toBe('check')
})

test('a filter that lacks something is asked for, wanted or not', () => {
  const event = wireEvent({ projection: made, missing: undecided, data: { title: 'T', $filter: {} } })
  expect(judge({ event })).toBe('ask')
  expect(judge({ event, wanted: 'mine', neighbours: beside() })).toBe('ask')
})

test('what the event carries for a filter of another set is not trusted', () => {
  const data = { title: 'T', $filter: { state: 'closed' } }
  expect(judge({ event: wireEvent({ projection: digestOf(['state', 'title']), data }), neighbours: beside() })).toBe(
    'ask',
  )
})

test('an event that may have been made for another filter is asked for', () => {
  expect(judge({ event: wireEvent({ projection: digestOf(['state']) }), neighbours: beside() })).toBe('ask')
  expect(judge({ neighbours: beside({ attributes: ['title'] }) })).toBe('ask')
})

test('an event whose projection is made for this set alone is mine beside another filter', () => {
  expect(judge({ neighbours: beside() })).toBe('mine')
})

test('another set with the same filter, in whatever key order, changes nothing', () => {
  const filter = { a: ['x'], b: ['y'] }
  const subscription = { ...own, filter: { b: ['y'], a: ['x'] } }
  const event = wireEvent({ projection: 'whatever' })
  expect(judge({ event, subscription, neighbours: beside({ filter }) })).toBe('mine')
})

test('a set that is gone is remembered for events from before it went, and for those only', () => {
  const neighbours = beside({ attributes: ['title'] }, Date.parse('2026-01-01T00:10:00Z'))
  const at = (time: string) => judge({ neighbours, event: wireEvent({ projection: made, time }) })
  expect(at('2026-01-01T00:09:00Z')).toBe('ask')
  expect(at('2026-01-01T00:11:00Z')).toBe('mine')
})

test('an event that lacks an attribute without a word was made for a set that nobody knows', () => {
  expect(judge({ event: wireEvent({ data: {} }) })).toBe('ask')
  const missing = [{ path: 'title', code: 'loader-failed', message: 'm' }]
  expect(judge({ event: wireEvent({ data: {}, missing }) })).toBe('mine')
})

test('a type without a handler is theirs if another set has it, else nobody wants it', () => {
  const event = wireEvent({ type: 'issue.deleted' })
  expect(judge({ event, subscription: undefined, neighbours: beside() })).toBe('nobody')
  expect(judge({ event, subscription: undefined, neighbours: beside({ event: 'issue.deleted' }) })).toBe('theirs')
})

test('a neighbour that cannot be read may want anything', () => {
  const neighbours = { ...alone, sets: new Set(['newer']), unread: true }
  expect(judge({ subscription: undefined, neighbours })).toBe('theirs')
  expect(judge({ wanted: 'newer', neighbours })).toBe('theirs')
})

test('an event of a tenant that this listener excludes is never handled, whatever the header says', () => {
  const subscription: Subscription = { ...own, tenants: ['a'] }
  const of = (tenant: string | undefined, neighbours = alone) =>
    judge({ subscription, neighbours, wanted: 'mine', event: wireEvent({ ...(tenant && { tenant }) }) })
  expect(of('a')).toBe('mine')
  expect(of('b')).toBe('nobody')
  expect(of(undefined)).toBe('nobody')
  expect(of('b', beside())).toBe('theirs')
  expect(of('b', beside({ tenants: ['c'] }))).toBe('nobody')
})
