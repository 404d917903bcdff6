import { expect, test } from 'vitest'
import { facts, issue, soon, stage } from './testdata/stage.js'

test('a listener, its subscription and its source are told with what each of them counted', async () => {
  const { forge, listener, operator } = stage()
  const source = await forge()
  const notifier = listener('notifier')
  notifier.on(
    issue.changed,
    { attributes: ['title', 'author.login'], where: { state: ['closed'] } },
    async () => undefined,
  )
  await notifier.start()
  const seen = await operator()
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, state: 'closed' } })
  await source.emit(issue.changed, { id: '8', before: facts, after: { ...facts, title: 'T' } })

  const { items } = await seen.subscriptions({ attribute: 'author' })
  expect(items).toMatchObject([{ queue: 'notifier', event: 'issue.changed', attributes: ['author.login', 'title'] }])
  const listeners = await seen.listeners()
  expect(listeners).toMatchObject({ total: 1, items: [{ queue: 'notifier', depth: { attended: true } }] })
  const detail = await seen.listener('notifier')
  expect(detail.sets[0]?.verdicts).toMatchObject([{ service: 'forge', verdicts: [{ verdict: 'accepted' }] }])
  const attributes = await seen.attributes('issue')
  expect(attributes.attributes.find(({ path }) => path === 'state')?.readers).toMatchObject([{ as: 'filter' }])
  expect(attributes.attributes.map(({ path }) => path)).toContain('author.login')
  await soon(async () => expect((await seen.sources()).items).toHaveLength(1))
})
