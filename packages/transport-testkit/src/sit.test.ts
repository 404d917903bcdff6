import type { Transport } from '@recordcast/transport'
import { expect, test } from 'vitest'
import { examCases, type Harness, type Skip, sitExam } from './index.js'

const open = async (): Promise<Transport> => {
  throw new Error('nothing to open')
}
function register(harness: Partial<Harness>, skips?: readonly Skip[]): Map<string, (() => Promise<void>) | undefined> {
  const registered = new Map<string, (() => Promise<void>) | undefined>()
  sitExam((title, run) => registered.set(title, run), { open, ...harness, ...(skips ? { skips } : {}) })
  return registered
}
const first = examCases[0]?.name ?? ''

test('every case has a name of its own', () => {
  expect(new Set(examCases.map(({ name }) => name)).size).toBe(examCases.length)
})

test('every case is registered once under its name', () => {
  const registered = register({ kill: async () => {}, openApart: open })
  expect([...registered.keys()]).toEqual(examCases.map(({ name }) => name))
  expect([...registered.values()]).not.toContain(undefined)
})

test('a skipped case shows its reason', () => {
  const registered = register({}, [{ case: first, reason: 'the broker is too old' }])
  expect(registered.has(first)).toBe(false)
  expect(registered.get(`${first} (skipped: the broker is too old)`)).toBeUndefined()
  expect([...registered.keys()]).toContain(`${first} (skipped: the broker is too old)`)
})

test('a case that needs what the harness lacks is skipped and says so', () => {
  const skipped = [...register({})].filter(([, run]) => run === undefined).map(([title]) => title)
  expect(skipped).toHaveLength(examCases.filter(({ needs }) => needs !== undefined).length)
  expect(skipped.length).toBeGreaterThan(0)
  for (const title of skipped) expect(title).toMatch(/\(skipped: the harness /)
})

test('a skip that names no case, gives no reason, or comes twice throws', () => {
  expect(() => register({}, [{ case: 'no such case', reason: 'x' }])).toThrow('names no case')
  expect(() => register({}, [{ case: first, reason: ' ' }])).toThrow('needs a reason')
  const skip = { case: first, reason: 'x' }
  expect(() => register({}, [skip, skip])).toThrow('same case')
})

test('a transport that does not open fails its case', async () => {
  await expect(register({}).get(first)?.()).rejects.toThrow('nothing to open')
})
