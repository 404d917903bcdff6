import { expect, test } from 'vitest'
import { readPayloads } from './payloads.js'
import { createStore } from './store.js'

const payloads = readPayloads()

test('payloads come in the same order each time, one of each webhook in turn', () => {
  expect(readPayloads().map(({ webhook }) => webhook)).toEqual(payloads.map(({ webhook }) => webhook))
  const webhooks = new Set(payloads.map(({ webhook }) => webhook))
  expect(payloads.slice(0, webhooks.size).map(({ webhook }) => webhook)).toEqual([...webhooks])
})

test('a batch is answered in the order of its keys, with a gap for a record that is not there', async () => {
  const store = createStore(payloads)
  const [known, unknown, other] = await store.accounts(['21031067', '0', '583231'])
  expect([known?.login, unknown, other?.login]).toEqual(['Codertocat', undefined, 'octocat'])
})

test('a batch is one call, however many records it finds', async () => {
  const store = createStore(payloads)
  await store.accounts(['21031067', '583231'])
  await store.repositories(['186853002'])
  expect(store.stats()).toEqual({ calls: 2, records: 3 })
})

test('no answer comes in the tick that asked', async () => {
  let answered = false
  const answer = createStore(payloads)
    .repositories(['186853002'])
    .then(() => {
      answered = true
    })
  await Promise.resolve()
  expect(answered).toBe(false)
  await answer
})

test('every repository has an owner that the store knows', async () => {
  const store = createStore(payloads)
  const ids = payloads.flatMap(({ body: { repository } }) => Object(repository).id ?? [])
  const owners = await store.accounts((await store.repositories(ids.map(String))).map((each) => String(each?.ownerId)))
  expect(ids.length).toBeGreaterThan(250)
  for (const owner of owners) expect(owner?.login).toBeTypeOf('string')
})

test('what is saved takes the place of what was known', async () => {
  const store = createStore([])
  store.save('repositories', { id: 7, name: 'old' })
  store.save('repositories', { id: 7, name: 'new' })
  expect(await store.repositories(['7'])).toEqual([{ id: 7, name: 'new' }])
})
