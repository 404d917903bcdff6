import { describe, expect, test } from 'vitest'
import {
  isSensitiveField,
  maskData,
  maskRecord,
  type SensitiveRecord,
  sensitiveNames,
  sensitivityOf,
  sensitivityOfRecord,
} from './index.js'

const sensitive = ['author.mail', 'secret', 'assignees.mail', 'parts.owner', 'author.id']
const ann = { login: 'ann', mail: 'ann@example.org' }

test.each<[string, unknown, unknown]>([
  ['title', 'T', 'T'],
  ['secret', 's', '***'],
  ['secret.deep[].deeper', ['s'], '***'],
  ['secret', null, '***'],
  ['author.mail', 'ann@example.org', '***'],
  ['$before.author.mail', 'ann@example.org', '***'],
  ['author', ann, { login: 'ann', mail: '***' }],
  ['author[]', [ann, [ann], 'ann'], [{ login: 'ann', mail: '***' }, [{ login: 'ann', mail: '***' }], 'ann']],
  ['author{login,mail}', ann, { login: 'ann', mail: '***' }],
  ['author{login}', { login: 'ann' }, { login: 'ann' }],
  ['author?id', 'u1', '***'],
  ['owner?id', 'u1', 'u1'],
  ['assignees[].mail', ['ann@example.org'], '***'],
  ['assignees[]{login,mail}', [ann], [{ login: 'ann', mail: '***' }]],
  ['parts[]{n,owner{name}}', [{ n: 1, 'owner{name}': { name: 'Ann' } }], [{ n: 1, 'owner{name}': '***' }]],
  ['parts[]{"owner.name"}', [{ '"owner.name"': 'A' }], [{ '"owner.name"': 'A' }]],
  ['$event.user', 'ann', 'ann'],
  ['$changed', ['secret'], ['secret']],
  ["author.mail!'none'", 'ann@example.org', '***'],
  ["title!'none'", 'T', 'T'],
  ['title{t:$before.secret}?str', '{"t":"s"}', '***'],
  ['author?str', '{"mail":"ann@example.org"}', '***'],
  ['no expression at all', 'who knows', '***'],
  ['author{who:login}', { who: 'ann', unasked: 'ann@example.org' }, { who: 'ann', unasked: '***' }],
])('%s: %j is shown as %j', (key, value, shown) => {
  expect(maskData({ [key]: value }, sensitive)).toEqual({ [key]: shown })
})

test('what a filter reads is masked as a record is, before and after the change', () => {
  const view = {
    title: 'T',
    author: ann,
    $before: { author: ann, title: 'S' },
    $changed: ['secret'],
    $event: { id: 'e' },
  }
  const masked = { login: 'ann', mail: '***' }
  expect(maskData({ $filter: view }, sensitive)).toEqual({
    $filter: { ...view, author: masked, $before: { author: masked, title: 'S' } },
  })
  expect(maskData({ $filter: 'odd' }, sensitive)).toEqual({ $filter: '***' })
  expect(isSensitiveField(['author', 'mail'], sensitivityOf(sensitive))).toBe(true)
  expect(isSensitiveField(['$before', 'secret', 'x'], sensitivityOf(sensitive))).toBe(true)
  expect(isSensitiveField(['author', 'login'], sensitivityOf(sensitive))).toBe(false)
  expect(isSensitiveField(['$event', 'secret'], sensitivityOf(['$event', 'secret']))).toBe(false)
})

test('nothing is sensitive where nothing is said to be, and the data given stays as it is', () => {
  const data = Object.freeze({ title: 'T' })
  expect(maskData(data, [])).toBe(data)
  expect(maskData(data, undefined)).toBe(data)
  const record = Object.freeze({ author: Object.freeze({ ...ann }) })
  expect(maskRecord(record, sensitivityOf(sensitive))).not.toBe(record)
  expect(record.author.mail).toBe('ann@example.org')
})

describe('by record type', () => {
  const known: SensitiveRecord[] = [
    { name: 'issue', sensitive: ['body'], targets: { author: 'user', assignees: 'user' } },
    { name: 'user', sensitive: ['mail'], targets: { manager: 'user' } },
    { name: 'user', sensitive: ['phone'] },
  ]
  test('what a linked record calls sensitive is so behind every link to it, however far, whoever announced it', () => {
    const tree = sensitivityOfRecord('issue', known)
    const data = {
      body: 'B',
      'author.mail': 'm',
      'assignees[].phone': ['p'],
      'author.manager.manager.mail': 'm',
      title: 'T',
    }
    const shown = {
      body: '***',
      'author.mail': '***',
      'assignees[].phone': '***',
      'author.manager.manager.mail': '***',
    }
    expect(maskData(data, tree)).toEqual({ ...shown, title: 'T' })
    expect(maskData({ author: { login: 'ann', manager: { mail: 'm' } } }, tree)).toEqual({
      author: { login: 'ann', manager: { mail: '***' } },
    })
  })
  test('of a record type that nobody announced nothing is known', () => {
    expect(sensitivityOfRecord('push', known)).toBeUndefined()
    expect(sensitivityOfRecord('toString', known)).toBeUndefined()
  })
})

test('a sensitive path that cannot be read hides everything', () => {
  expect(maskData({ title: 'T', author: ann }, ['author..mail'])).toEqual({ title: '***', author: '***' })
})

test.each(['author.mail!title', 'author{mail}', '$before.mail', '$changed', 'mail?str', '', 'a..b'])(
  '%j is no path to call sensitive',
  (path) => {
    expect(() => sensitiveNames(path)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^expression-/) }))
  },
)

test('a sensitive path is plain names, quoted where they must be; lists need no brackets and may have some', () => {
  expect(sensitiveNames('assignees[].mail')).toEqual(['assignees', 'mail'])
  expect(sensitiveNames('"a.b"."__proto__"')).toEqual(['a.b', '__proto__'])
})
