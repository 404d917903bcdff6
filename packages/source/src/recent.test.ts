import { expect, test } from 'vitest'
import type { Emitted } from './emitted.js'
import { createRecent } from './recent.js'

const event = (id: string, subject = id) => ({ id, subject }) as Emitted

test('the last few are found, the latest of an id first', () => {
  const recent = createRecent(3)
  expect(recent.get('a')).toBeUndefined()
  for (const id of ['a', 'b']) recent.add(event(id))
  expect(['a', 'b', 'c'].map((id) => recent.get(id)?.id)).toEqual(['a', 'b', undefined])
  recent.add(event('a', 'again'))
  expect(recent.get('a')?.subject).toBe('again')
  for (const id of ['c', 'd']) recent.add(event(id))
  expect(['a', 'b', 'c', 'd'].map((id) => recent.get(id)?.subject)).toEqual(['again', undefined, 'c', 'd'])
  recent.add(event('e'))
  expect(recent.get('a')).toBeUndefined()
})

test('none is remembered when none shall be', () => {
  const recent = createRecent(0)
  recent.add(event('a'))
  expect(recent.get('a')).toBeUndefined()
})
