import { expect, test } from 'vitest'
import { closing, issue, rig } from './testdata/rig.js'

const explain = { v: 1, kind: 'explain' } as const

test('why an event did not arrive is told check by check, on the event as it was and with its links loaded', async () => {
  const { source, subscribe, ask } = await rig()
  const key = await subscribe('bobs', {
    attributes: ['$before.state', 'author.login', 'author?id', 'title'],
    filter: { author: { login: ['bob', { prefix: 'ca' }] }, state: ['closed'] },
    when: 'selected-changed',
    selected: ['author.login', 'title'],
    tenants: ['acme', 'other'],
  })
  const { id } = await source.emit(issue.changed, { id: '7', ...closing }, { tenant: 'acme' })
  const answer = await ask({ ...explain, key, event: id })
  expect(answer).toMatchObject({
    ...{ remembered: true, verdict: 'accepted', reasons: [], goes: false },
    event: { id, type: 'issue.changed', subject: '7', tenant: 'acme' },
    tenant: { wanted: ['acme', 'other'], found: 'acme', held: true },
    changed: { held: false, compared: ['author.login', 'title'], differing: [] },
    outcome: { queue: 'bobs', outcome: 'unchanged' },
  })
  expect(answer.filter).toEqual({
    held: false,
    onlyInDifferentElements: false,
    leaves: [
      {
        path: ['author', 'login'],
        pointer: '/author/login',
        wanted: ['bob', { prefix: 'ca' }],
        found: ['ann'],
        held: false,
      },
      { path: ['state'], pointer: '/state', wanted: ['closed'], found: ['closed'], held: true },
    ],
  })
  expect(answer.attributes).toMatchObject([
    { path: '$before.state', from: 'fact' },
    { path: 'author.login' },
    { path: 'author?id', from: 'fact' },
    { path: 'title', from: 'fact' },
  ])
  expect(answer.cut).toBeUndefined()
})

test('an attribute is loaded, then cached, or says why it could not be had', async () => {
  const { subscribe, ask } = await rig()
  const key = await subscribe('all', { attributes: ['author.login', 'title'] })
  const from = async (authorId: string, author?: object) => {
    const sample = { type: 'issue.changed', subject: '7', after: { title: 'T', authorId, ...(author && { author }) } }
    const { attributes, goes } = await ask({ ...explain, key, sample })
    expect(goes).toBe(true)
    return attributes![0]
  }
  expect(await from('u1')).toEqual({ path: 'author.login', from: 'loaded' })
  expect(await from('u1')).toEqual({ path: 'author.login', from: 'cached' })
  expect(await from('u1', { login: 'own' })).toEqual({ path: 'author.login', from: 'fact' })
  expect(await from('broken')).toMatchObject({
    ...{ path: 'author.login', from: 'failed' },
    problem: { code: 'loader-failed', message: 'Loader issue.author failed: no such person' },
  })
})

test('a made-up event is explained without being published or counted', async () => {
  const { source, subscribe, ask, transport } = await rig()
  const key = await subscribe('bobs', { filter: { author: { login: ['bob'] } } })
  const sample = { type: 'issue.changed', subject: '7', tenant: 'a', after: { authorId: 'u2' } }
  const answer = await ask({ ...explain, key, sample })
  expect(answer).toMatchObject({
    remembered: true,
    goes: true,
    filter: { held: true },
    tenant: { found: 'a', held: true },
  })
  expect(answer.outcome).toBeUndefined()
  expect(await transport.inspect('bobs')).toMatchObject({ ready: 0 })
  expect(source.stats()).toMatchObject({ emitted: 0, published: 0 })
  const lost = await ask({ ...explain, key, sample: { ...sample, after: { authorId: 'broken' } } })
  expect(lost.filter).toMatchObject({ held: true, leaves: [{ unknown: true, held: true, found: [] }] })
})

test('what operators must not see is not among what was found, however it is reached', async () => {
  const { subscribe, ask } = await rig()
  const filter = {
    secret: ['s3cret'],
    author: { mail: [{ suffix: '.org' }], login: ['ann'] },
    $before: { secret: ['old'] },
  }
  const key = await subscribe('spy', { filter, attributes: ['author.mail', 'secret'] })
  const after = { secret: 's3cret', authorId: 'u1' }
  const answer = await ask({
    ...{ ...explain, key },
    sample: { type: 'issue.changed', subject: '7', before: { secret: 'older' }, after },
  })
  expect(answer.filter!.leaves.map(({ path, found, held }) => [path.join('.'), found, held])).toEqual([
    ['secret', ['***'], true],
    ['author.mail', ['***'], true],
    ['author.login', ['ann'], true],
    ['$before.secret', ['***'], false],
  ])
  expect(JSON.stringify(answer)).not.toMatch(/older|ann@example/)
})

test('what is not known is said to be so', async () => {
  const { source, subscribe, ask } = await rig()
  const { id } = await source.emit(issue.changed, { id: '7', ...closing })
  const key = await subscribe('late', { tenants: ['acme'] })
  const other = await subscribe('other', { event: 'issue.created' })
  const refused = await subscribe('refused', { attributes: ['titel'] })
  const strange = await subscribe('strange', { event: 'push.created' })
  const verdict = async (key: string, event: string) => {
    const { verdict: said, remembered, reasons } = await ask({ ...explain, key, event })
    return [said, remembered, reasons.map(({ code }) => code)]
  }
  expect(await verdict('nobody/x', id)).toEqual(['unknown-listener', true, []])
  expect(await verdict('nobody/x', 'e0')).toEqual(['unknown-listener', false, []])
  expect(await verdict(key, 'e0')).toEqual(['unknown-event', false, []])
  expect(await verdict(other, id)).toEqual(['none', true, []])
  expect(await verdict(refused, id)).toEqual(['refused', true, ['unknown-attribute']])
  expect(await verdict(strange, id)).toEqual(['none', true, []])
  // Nobody had subscribed, so the facts were not copied.
  const bare = await ask({ ...explain, key, event: id })
  expect(bare).toMatchObject({ verdict: 'accepted', event: { id, subject: '7' }, tenant: { held: false } })
  expect([bare.filter, bare.attributes, bare.goes, bare.outcome]).toEqual([undefined, undefined, undefined, undefined])
})

test('an event that the log has passed over is explained from what is remembered to complete it', async () => {
  const { source, subscribe, ask } = await rig({ decisions: { keep: 0 } })
  const key = await subscribe('all')
  const { id } = await source.emit(issue.changed, { id: '7', ...closing })
  expect(await ask({ ...explain, key, event: id })).toMatchObject({ remembered: true, goes: true, event: { id } })
})

test('long values and long lists are cut, and the answer says so', async () => {
  const { subscribe, ask } = await rig()
  const tenants = Array.from({ length: 300 }, (_, n) => `t${n}`)
  const filter = { title: [{ prefix: 'x' }], extra: { ['n'.repeat(2000)]: [{ exists: false }] } }
  const key = await subscribe('all', { tenants, filter })
  const sample = {
    type: 'issue.changed',
    subject: '7',
    tenant: 't299',
    after: { title: 'x'.repeat(100_000), state: 's1' },
  }
  const answer = await ask({ ...explain, key, sample })
  expect(answer).toMatchObject({ cut: true, goes: true, tenant: { held: true } })
  expect(answer.tenant!.wanted.length).toBe(256)
  const [title, extra] = answer.filter!.leaves
  expect(title!.found).toEqual([`${'x'.repeat(255)}…`])
  expect(extra!.path[1]).toBe(`${'n'.repeat(1023)}…`)
})

test('a filter that would take too long to decide is said to be left to the listener', async () => {
  const { subscribe, ask } = await rig()
  const wildcard = [...'abcdefghij'].map((letter) => ({ wildcard: `*${letter}*a*b*c*d*e*f*g*` }))
  const key = await subscribe('all', { filter: { title: wildcard } })
  const sample = { type: 'issue.changed', subject: '7', after: { title: 'x'.repeat(900_000) } }
  expect(await ask({ ...explain, key, sample })).toMatchObject({
    goes: true,
    filter: { held: true, undecided: true, leaves: [] },
  })
})

test.each<[string, object, string]>([
  ['neither an event nor a sample', {}, 'announcement-invalid'],
  ['both', { event: 'e', sample: { type: 'issue.changed', subject: '7', after: {} } }, 'announcement-invalid'],
  ['a sample of a record that is not owned', { sample: { type: 'push.created', subject: '7' } }, 'unknown-record-type'],
  ['a sample of no event type', { sample: { type: 'issue', subject: '7' } }, 'unknown-record-type'],
  ['a sample without its image', { sample: { type: 'issue.changed', subject: '7' } }, 'invalid-event'],
])('%s is refused with a code', async (_, more, code) => {
  const { subscribe, ask } = await rig()
  const key = await subscribe('all')
  await expect(ask({ ...explain, key, ...more })).rejects.toMatchObject({ code })
})
