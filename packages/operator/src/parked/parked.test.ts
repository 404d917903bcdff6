import { expect, test } from 'vitest'
import type { AuditEntry } from '../audit.js'
import { facts, issue, soon, stage } from '../testdata/stage.js'

/** Three events parked at `notifier`: two because its handler threw, one that nobody can read. */
async function shelf(onAudit: (entry: AuditEntry) => void = () => undefined) {
  const { forge, listener, operator, join } = stage()
  const source = await forge()
  const notifier = listener('notifier')
  const handled: string[] = []
  let isSound = false
  notifier.on(issue.changed, { attributes: ['title', 'author.login'] }, async ({ id }) => {
    if (!isSound) throw new TypeError('no such template')
    handled.push(id)
  })
  await notifier.start()
  const seen = await operator({ onAudit })
  for (const id of ['e1', 'e2']) {
    await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: id } }, { id })
  }
  const { transport } = join()
  await transport.publish(['notifier'], { id: 'odd', body: new Uint8Array([1]), headers: {} })
  await soon(async () => expect((await seen.parked('notifier')).total).toBe(3))
  return {
    ...{ join, listener, operator, seen, source, handled, notifier },
    mend: () => {
      isSound = true
    },
  }
}

test('parked messages are told oldest first, in groups by why, and page by page', async () => {
  const { seen } = await shelf()
  const { groups, items, looked } = await seen.parked('notifier')
  expect(looked).toBe(3)
  expect(groups).toMatchObject([
    { code: 'handler-failed', count: 2, types: ['issue.changed'] },
    { code: 'undecodable', count: 1, types: [] },
  ])
  expect(items.map(({ id }) => id)).toEqual(['e1', 'e2', 'odd'])
  expect(items[0]).toMatchObject({
    message: 'TypeError: no such template',
    attempts: 1,
    event: { subject: '7', type: 'issue.changed' },
  })
  const first = await seen.parked('notifier', { limit: 2 })
  const second = await seen.parked('notifier', { limit: 2, cursor: first.next ?? '' })
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['e1', 'e2', 'odd'])
  expect(second.next).toBeUndefined()
  expect((await seen.parked('notifier', { code: 'undecodable' })).items.map(({ id }) => id)).toEqual(['odd'])
})

test('one is told whole, one that cannot be read with why', async () => {
  const { seen } = await shelf()
  expect(await seen.parkedMessage('notifier', 'e1')).toMatchObject({
    ...{ data: { title: 'e1', 'author.login': 'ann' }, masked: 'no', code: 'handler-failed' },
    stack: expect.stringContaining('parked.test.ts'),
  })
  expect(await seen.parkedMessage('notifier', 'odd')).toMatchObject({
    masked: 'all',
    undecodable: { code: 'undecodable' },
  })
  await expect(seen.parkedMessage('notifier', 'e9')).rejects.toMatchObject({ code: 'unknown-message' })
  await expect(seen.parkedMessage('notifer', 'e1')).rejects.toMatchObject({
    code: 'unknown-listener',
    nearest: ['notifier'],
  })
})

test('an event of a record type that no source on the board owns is masked whole', async () => {
  const { seen, source } = await shelf()
  await source.stop()
  await soon(async () => expect((await seen.sources()).total).toBe(0))
  expect(await seen.parkedMessage('notifier', 'e1')).toMatchObject({
    data: { title: '***', 'author.login': '***' },
    masked: 'all',
  })
})

test('what a record type calls sensitive is masked, through a link and inside what is read whole', async () => {
  const { forge, listener, operator } = stage()
  const source = await forge()
  const mailer = listener('mailer')
  const attributes = ['title', 'author.mail', 'author{login,mail}'] as const
  mailer.on(issue.changed, { attributes }, () => Promise.reject(new Error('no')))
  await mailer.start()
  const seen = await operator()
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: 'T' } }, { id: 'e1' })
  await soon(async () => expect((await seen.parked('mailer')).total).toBe(1))
  const told = await seen.parkedMessage('mailer', 'e1')
  expect(told).toMatchObject({
    masked: 'some',
    data: { title: 'T', 'author.mail': '***', 'author{login,mail}': { login: 'ann', mail: '***' } },
  })
  expect(JSON.stringify(told)).not.toContain('ann@example.org')
})

test('one is replayed and handled, then a group; the rest stays', async () => {
  const audit: AuditEntry[] = []
  const { seen, handled, mend } = await shelf((entry) => audit.push(entry))
  mend()
  const dry = await seen.replay('notifier', { which: { code: 'handler-failed' }, dryRun: true, by: 'ann' })
  expect(dry).toMatchObject({ dryRun: true, selected: 2, looked: 3, replayed: 0, finished: true })
  expect((await seen.parked('notifier')).total).toBe(3)
  const one = await seen.replay('notifier', { which: { ids: ['e2'] }, by: 'ann' })
  expect(one).toMatchObject({ selected: 1, replayed: 1, failures: 0, finished: true })
  await soon(() => expect(handled).toEqual(['e2']))
  const rest = await seen.replay('notifier', { which: { code: 'handler-failed' }, by: 'ann' })
  expect(rest).toMatchObject({ selected: 1, replayed: 1 })
  await soon(() => expect(handled).toEqual(['e2', 'e1']))
  expect((await seen.parked('notifier')).items.map(({ id }) => id)).toEqual(['odd'])
  expect(audit.map(({ by, action, target, outcome }) => [by, action, target, outcome])).toEqual([
    ['ann', 'replay', 'notifier', 'done'],
    ['ann', 'replay', 'notifier', 'done'],
  ])
})

test('dropping wants the name of the queue, then lets go', async () => {
  const { seen } = await shelf()
  const drop = { which: { all: true as const }, by: 'ann' }
  await expect(seen.dropParked('notifier', drop)).rejects.toMatchObject({
    code: 'confirmation-required',
    expected: 'notifier',
  })
  await expect(seen.dropParked('notifier', { ...drop, confirm: 'yes' })).rejects.toMatchObject({
    code: 'confirmation-required',
  })
  expect(await seen.dropParked('notifier', { ...drop, dryRun: true })).toMatchObject({ selected: 3, dropped: 0 })
  expect(await seen.dropParked('notifier', { ...drop, confirm: 'notifier' })).toMatchObject({ dropped: 3 })
  expect((await seen.parked('notifier')).total).toBe(0)
})

test('a second replay of a queue is refused while one goes on, whoever asks for it', async () => {
  const { seen, operator, mend, handled } = await shelf()
  mend()
  const other = await operator()
  const ending = new AbortController()
  let begun = (): void => undefined
  const going = new Promise<void>((resolve) => {
    begun = resolve
  })
  const first = seen.replay('notifier', {
    ...{ which: { all: true }, perSecond: 0.2, by: 'ann', signal: ending.signal },
    onProgress: () => begun(),
  })
  await going
  const again = { which: { all: true as const }, by: 'bob' }
  await expect(seen.replay('notifier', again)).rejects.toMatchObject({ code: 'replay-running' })
  await expect(other.replay('notifier', again)).rejects.toMatchObject({ code: 'replay-running' })
  await expect(other.dropParked('notifier', { ...again, confirm: 'notifier' })).rejects.toMatchObject({
    code: 'replay-running',
  })
  ending.abort()
  expect(await first).toMatchObject({ finished: true, replayed: 1 })
  await soon(() => expect(handled).toEqual(['e1']))
  expect(await other.replay('notifier', { ...again, which: { ids: ['e2'] } })).toMatchObject({ replayed: 1 })
})

test('what makes no sense is refused before anything is touched', async () => {
  const { seen } = await shelf()
  const all = { all: true as const }
  await expect(seen.replay('notifier', { which: all, perSecond: 0, by: 'a' })).rejects.toMatchObject({
    code: 'invalid-request',
    path: '/perSecond',
  })
  await expect(seen.replay('notifier', { which: all, perSecond: Number.NaN, by: 'a' })).rejects.toMatchObject({
    code: 'invalid-request',
  })
  await expect(seen.replay('notifier', { which: { ids: [] }, by: 'a' })).rejects.toMatchObject({
    code: 'invalid-request',
  })
  await expect(seen.replay('nobody', { which: all, by: 'a' })).rejects.toMatchObject({ code: 'unknown-listener' })
  await expect(seen.parked('notifier', { cursor: 'x!' })).rejects.toMatchObject({
    code: 'invalid-request',
    path: '/cursor',
  })
  await expect(seen.parked('notifier', { limit: 10_000 })).rejects.toMatchObject({
    code: 'invalid-request',
    path: '/limit',
  })
  expect((await seen.parked('notifier')).total).toBe(3)
})

test('a shelf with more than a first look holds is told to its end, page by page, each message once', async () => {
  const { join, operator } = stage()
  const { transport } = join()
  await transport.declare('busy')
  for (let index = 0; index < 60; index++)
    await transport.publish(['busy'], { id: `m${index}`, body: new Uint8Array(10), headers: {} })
  const running = await transport.consume('busy', { concurrency: 10 }, async () => ({ do: 'park', why: 'odd: no' }))
  const seen = await operator()
  await soon(async () => expect((await seen.parked('busy')).total).toBe(60))
  await running.stop()
  const found: string[] = []
  let cursor: string | undefined
  do {
    const page = await seen.parked('busy', { limit: 7, ...(cursor && { cursor }) })
    found.push(...page.items.map(({ id }) => id))
    cursor = page.next
  } while (cursor !== undefined)
  expect(found).toHaveLength(60)
  expect(new Set(found).size).toBe(60)
  expect((await seen.parked('busy')).groups).toMatchObject([{ code: 'odd', count: 60 }])
})
