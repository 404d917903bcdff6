import { Unavailable } from '@recordcast/protocol/language'
import { systemClock } from '@recordcast/transport'
import { expect, test } from 'vitest'
import { createLoader } from './loader.js'
import type { LoadOptions } from './options.js'
import { createRecordCache } from './record-cache.js'

function loaderOf(options: LoadOptions, wanted: () => readonly string[] = () => ['login']) {
  const cache = createRecordCache(options.cache, systemClock)
  return { cache, loader: createLoader({ name: () => 'issue.author', options, clock: systemClock, cache, wanted }) }
}

const people = (calls: string[][]) => ({
  load: async (keys: readonly string[]) => {
    calls.push([...keys])
    return keys.map((key) => ({ login: `user-${key}` }))
  },
})

test('keys asked for in one tick share one call, each key once', async () => {
  const calls: string[][] = []
  const { loader } = loaderOf(people(calls))
  const loaded = await Promise.all(['1', '2', '1', '3'].map((key) => loader.load(key, undefined, ['login'])))
  expect(loaded.map((each) => (each as { login: string }).login)).toEqual(['user-1', 'user-2', 'user-1', 'user-3'])
  expect(calls).toEqual([['1', '2', '3']])
})

test('tenants never share a batch or a cached record', async () => {
  const seen: [string | undefined, readonly string[]][] = []
  const { loader } = loaderOf({
    cache: { max: 10, ttlMs: 60_000 },
    load: async (keys, { tenant }) => {
      seen.push([tenant, keys])
      return keys.map(() => ({ login: tenant ?? 'nobody' }))
    },
  })
  const loaded = await Promise.all(['a', 'b', undefined].map((tenant) => loader.load('7', tenant, ['login'])))
  expect(loaded).toEqual([{ login: 'a' }, { login: 'b' }, { login: 'nobody' }])
  expect(await loader.load('7', 'a', ['login'])).toEqual({ login: 'a' })
  expect(seen).toHaveLength(3)
})

test('an Error in a slot fails that key alone; a missing record is null', async () => {
  const { loader } = loaderOf({ load: async () => [{ login: 'ann' }, new Error('locked'), null] })
  const loaded = await Promise.all(['1', '2', '3'].map((key) => loader.load(key, undefined, ['login'])))
  expect(loaded[0]).toEqual({ login: 'ann' })
  expect(loaded[1]).toBeInstanceOf(Unavailable)
  expect(loaded[1]).toMatchObject({ code: 'loader-failed', message: expect.stringContaining('locked') })
  expect(loaded[2]).toBeNull()
})

test.each([
  ['too few results', () => [{ login: 'x' }], 'loader-invalid-result'],
  ['no list', () => 'garbage' as never, 'loader-invalid-result'],
  ['a slot that is no record', () => ['x', 'y'] as never, 'loader-invalid-result'],
  [
    'a synchronous throw',
    () => {
      throw new Error('boom')
    },
    'loader-failed',
  ],
  ['a throw of undefined', () => Promise.reject(undefined), 'loader-failed'],
  ['no answer', () => new Promise<never>(() => undefined), 'loader-timeout'],
])('a loader that gives %s makes its keys unavailable, each with a code', async (_what, load, code) => {
  const { loader } = loaderOf({ load, timeoutMs: 20 })
  const loaded = await Promise.all(['1', '2'].map((key) => loader.load(key, undefined, ['login'])))
  for (const each of loaded) expect(each).toMatchObject({ code })
  expect(loader.stats().failures).toBe(2)
})

test('a loader that runs out of time is told by its signal', async () => {
  let signal: AbortSignal | undefined
  const load: LoadOptions['load'] = (_keys, context) => {
    signal = context.signal
    return new Promise<never>(() => undefined)
  }
  await loaderOf({ load, timeoutMs: 5 }).loader.load('1', undefined, [])
  expect(signal?.aborted).toBe(true)
})

test('no more than `concurrency` calls run at once, none with more than `maxBatch` keys', async () => {
  let running = 0
  let most = 0
  const sizes: number[] = []
  const { loader } = loaderOf({
    maxBatch: 3,
    concurrency: 2,
    load: async (keys) => {
      running++
      most = Math.max(most, running)
      sizes.push(keys.length)
      await new Promise<void>((resolve) => systemClock.after(1, resolve))
      running--
      return keys.map(() => ({ login: 'x' }))
    },
  })
  await Promise.all(Array.from({ length: 20 }, (_, key) => loader.load(String(key), undefined, ['login'])))
  expect(most).toBe(2)
  expect(Math.max(...sizes)).toBe(3)
  expect(sizes.reduce((sum, size) => sum + size)).toBe(20)
})

test('a record that changes while it is loaded is not kept, and is loaded again', async () => {
  const calls: string[][] = []
  let release = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  let version = 1
  const { cache, loader } = loaderOf({
    cache: { max: 10, ttlMs: 60_000 },
    load: async (keys) => {
      calls.push([...keys])
      const seen = version
      if (calls.length === 1) await gate
      return keys.map(() => ({ login: `v${seen}` }))
    },
  })
  const first = loader.load('1', undefined, ['login'])
  await new Promise<void>((resolve) => systemClock.defer(resolve))
  version = 2
  cache.forget(undefined, '1')
  const second = await loader.load('1', undefined, ['login'])
  release()
  expect(await first).toEqual({ login: 'v1' })
  expect(second).toEqual({ login: 'v2' })
  expect(await loader.load('1', undefined, ['login'])).toEqual({ login: 'v2' })
  expect(calls).toHaveLength(2)
})

test('a cached record that was loaded for fewer names is loaded again when it lacks the new one', async () => {
  const calls: (readonly string[])[] = []
  let wanted = ['login']
  const { loader } = loaderOf(
    {
      cache: { max: 10, ttlMs: 60_000 },
      load: async (keys, { attributes }) => {
        calls.push(attributes)
        return keys.map(() => Object.fromEntries(attributes.map((name) => [name, name])))
      },
    },
    () => wanted,
  )
  await loader.load('1', undefined, ['login'])
  wanted = ['login', 'mail']
  expect(await loader.load('1', undefined, ['mail'])).toEqual({ login: 'login', mail: 'mail' })
  await loader.load('1', undefined, ['login'])
  expect(calls).toEqual([['login'], ['login', 'mail']])
})

test('a record that does not exist is believed for a second at most', async () => {
  let now = 1_000_000
  const clock = { ...systemClock, now: () => now }
  const options: LoadOptions = { cache: { max: 10, ttlMs: 60_000 }, load: async (keys) => keys.map(() => null) }
  const cache = createRecordCache(options.cache, clock)
  const loader = createLoader({ name: () => 'x', options, clock, cache, wanted: () => [] })
  await loader.load('1', undefined, [])
  now += 999
  await loader.load('1', undefined, [])
  expect(loader.stats().calls).toBe(1)
  now += 2
  await loader.load('1', undefined, [])
  expect(loader.stats().calls).toBe(2)
})
