import { defineRecord } from '@recordcast/protocol'
import { expect, test } from 'vitest'
import { Latecomers } from './latecomers.js'
import { rig } from './testdata/rig.js'

test('calls of a record go on in their order, however long each waits; others pass', async () => {
  const late = new Latecomers()
  const went: string[] = []
  let letGo = (): void => {}
  const slow = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const go = (name: string) => () => went.push(name)
  const first = late.follow('a', slow, go('first'))
  const second = late.follow('a', Promise.resolve(), go('second'))
  expect([late.has('a'), late.has('b')]).toEqual([true, false])
  await late.follow('b', Promise.resolve(), go('other'))
  expect(went).toEqual(['other'])
  const third = late.follow('a', undefined, go('third'))
  letGo()
  await Promise.all([first, second, third])
  expect(went).toEqual(['other', 'first', 'second', 'third'])
  expect(late.has('a')).toBe(false)
})

test('one that fails fails in its turn, and those behind it go on', async () => {
  const late = new Latecomers()
  const failed = late.follow('a', Promise.reject(new Error('unfit')), () => 'gone on')
  const next = late.follow('a', Promise.resolve(), () => 'next')
  await expect(failed).rejects.toThrow('unfit')
  expect(await next).toBe('next')
  expect(late.has('a')).toBe(false)
})

test('events of a record whose schema is asynchronous are published in the order of their emits', async () => {
  const waits: Record<string, number> = { first: 40, second: 0, third: 20 }
  const validate = async (value: unknown) => {
    const { title } = value as { title: string }
    await new Promise((resolve) => setTimeout(resolve, waits[title] ?? 10))
    return title === 'unfit' ? { issues: [{ message: 'unfit' }] } : { value: value as { title: string } }
  }
  const types = undefined as { input: { title: string }; output: { title: string } } | undefined
  const issue = defineRecord('issue', { '~standard': { version: 1, vendor: 'test', validate, types } })
  const { source, subscribe, titlesIn } = await rig({ records: [{ type: issue }] })
  await subscribe('reader')
  const titles = ['first', 'unfit', 'second', 'third']
  const emits = titles.map((title) => {
    const after = { title }
    const emitted = source.emit(issue.changed, { id: '1', after })
    after.title += ', changed by the caller since'
    return emitted
  })
  const outcomes = await Promise.allSettled(emits)
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  expect(await titlesIn('reader', 3)).toEqual(['first', 'second', 'third'])
})
