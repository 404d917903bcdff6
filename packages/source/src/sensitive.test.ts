import { expect, test } from 'vitest'
import { closing, issue, rig, user } from './testdata/rig.js'

test('what is sensitive, and where links lead, is announced', async () => {
  const { fact } = await rig()
  expect(fact.records).toMatchObject([
    { name: 'issue', links: ['author'], targets: { author: 'user' }, sensitive: ['secret'] },
    { name: 'user', links: [], sensitive: ['mail'] },
  ])
  expect(fact.records[1]).not.toHaveProperty('targets')
})

test.each<[unknown, string, object]>([
  [['secrets'], '/records/0/sensitive/0', { nearest: ['secret'] }],
  [['title', 'author.maul'], '/records/0/sensitive/1', { nearest: ['author.mail'] }],
  [['author{mail}'], '/records/0/sensitive/0', {}],
  [["secret!'x'"], '/records/0/sensitive/0', {}],
  [[''], '/records/0/sensitive/0', {}],
  [[7], '/records/0/sensitive/0', {}],
  ['secret', '/records/0/sensitive', {}],
])('sensitive: %j is refused', async (sensitive, path, more) => {
  const links = { author: { type: user, key: () => '1', load: () => [] } }
  const records = [{ type: issue, links, sensitive: sensitive as string[] }, { type: user }]
  await expect(rig({ records })).rejects.toMatchObject({ code: 'invalid-options', path, ...more })
})

test('an emit that is refused does not say what stood in a sensitive attribute, alone or within a whole', async () => {
  const { source } = await rig()
  const refused = async (after: object): Promise<Record<string, unknown>> =>
    source.emit(issue.changed, { id: '7', after } as never).then(
      () => ({}),
      (error) => ({ ...error, message: error.message }),
    )
  expect(await refused({ ...closing.after, secret: 4711 })).toMatchObject({ path: '/after/secret', found: '***' })
  const author = { login: 4711, mail: 'ann@example.org' }
  expect(await refused({ ...closing.after, author })).toMatchObject({ path: '/after/author/login', found: '4711' })
  expect(await refused({ ...closing.after, author: [author] })).toMatchObject({
    path: '/after/author',
    found: '[{"login":4711,"mail":"***"}]',
  })
})

test('listeners get sensitive attributes as ever', async () => {
  const { source, subscribe, transport } = await rig()
  await subscribe('mails', { attributes: ['author.mail', 'secret'] })
  await source.emit(issue.changed, { id: '7', before: closing.before, after: { ...closing.after, secret: 's' } })
  const bodies: string[] = []
  const running = await transport.consume('mails', { concurrency: 1 }, async ({ message }) => {
    bodies.push(new TextDecoder().decode(message.body))
    return { do: 'ack' }
  })
  await expect.poll(() => bodies.length).toBe(1)
  await running.stop()
  expect(JSON.parse(bodies[0]!).data).toEqual({ 'author.mail': 'ann@example.org', secret: 's' })
})
