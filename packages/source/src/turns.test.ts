import { expect, test } from 'vitest'
import { issue, rig, user } from './testdata/rig.js'
import { createTurns } from './turns.js'

test('a turn that ends before the one ahead of it lets nobody pass that one', async () => {
  const turns = createTurns()
  const first = turns.take('r')
  const second = turns.take('r')
  const third = turns.take('r')
  const went: string[] = []
  void second.before?.then(() => went.push('second'))
  void third.before?.then(() => went.push('third'))
  second.done()
  const fourth = turns.take('r')
  void fourth.before?.then(() => went.push('fourth'))
  third.done()
  const fifth = turns.take('r')
  expect(fifth.before).toBeDefined()
  await new Promise((resolve) => setImmediate(resolve))
  expect(went).toEqual([])
  first.done()
  await fourth.before
  expect(went).toEqual(['second', 'third', 'fourth'])
  fourth.done()
  await fifth.before
  fifth.done()
  expect(turns.size).toBe(0)
  expect(turns.take('r').before).toBeUndefined()
})

test('records do not wait for each other, and nothing is kept of those that are through', () => {
  const turns = createTurns()
  const taken = ['a', 'b', 'c'].map((record) => turns.take(record))
  expect(taken.map(({ before }) => before)).toEqual([undefined, undefined, undefined])
  expect(turns.size).toBe(3)
  expect(turns.take('b').before).toBeDefined()
  for (const turn of [...taken].reverse()) turn.done()
  expect(turns.size).toBe(1)
})

test('an event that nobody wants after all lets no later one of its record pass an earlier one that still loads', async () => {
  const people: Record<string, string> = { slow: 'ann', other: 'bob', known: 'anna' }
  let letGo = (): void => {}
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const load = async (ids: readonly string[]) => {
    if (ids.includes('slow')) await gate
    return ids.map((id) => ({ login: people[id]!, mail: '' }))
  }
  const author = { type: user, key: (facts: Readonly<Record<string, unknown>>) => facts.authorId, load }
  const { source, subscribe, titlesIn } = await rig({
    records: [{ type: issue, links: { author: { ...author, cache: { max: 10, ttlMs: 60_000 } } } }, { type: user }],
  })
  await subscribe('reader', { filter: { author: { login: [{ prefix: 'ann' }] } } })
  const emit = (title: string, authorId: string) =>
    source.emit(issue.changed, { id: '1', after: { title, state: 'open', authorId } } as never)
  await emit('bob before', 'other')
  await emit('anna before', 'known')
  const slow = emit('first', 'slow')
  await emit('held back', 'other')
  const last = emit('last', 'known')
  // Whatever passes it has by then.
  await Promise.race([last, new Promise((resolve) => setTimeout(resolve, 50))])
  letGo()
  await Promise.all([slow, last])
  expect(await titlesIn('reader', 3)).toEqual(['anna before', 'first', 'last'])
})
