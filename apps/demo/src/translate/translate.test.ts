import { expect, test } from 'vitest'
import { at, isObject, type Json } from '../json.js'
import { readPayloads } from '../payloads.js'
import type { RecordEvent } from './told.js'
import { translate } from './translate.js'

const payloads = readPayloads()
const links = ['repository', 'organization', 'sender', 'author', 'owner']

/** What the schema has against an image, but for links, which are loaded, and for what a partial image leaves out. */
function complaints({ type }: RecordEvent, image: Json | undefined, whole: boolean): readonly string[] {
  if (image === undefined) return []
  const result = type.record.schema['~standard'].validate(image)
  if (result instanceof Promise) throw new TypeError('the schemas of the demo answer at once')
  return (result.issues ?? []).flatMap(({ path = [], message }) => {
    const absent = !Object.hasOwn(image, String(path[0]))
    if (absent && (!whole || links.includes(String(path[0])))) return []
    return [`${type.name} /${path.join('/')}: ${message}`]
  })
}

function changed(webhook: string, action: string): readonly RecordEvent[] {
  return payloads.filter((each) => each.webhook === webhook && each.body.action === action).flatMap(translate)
}

function one(webhook: string, action: string): RecordEvent & { readonly before: Json; readonly after: Json } {
  const [event] = changed(webhook, action)
  return { ...event!, before: at({ ...event }, 'before'), after: at({ ...event }, 'after') }
}

test('each of the 329 payloads becomes at least one record event with an id', () => {
  expect(payloads.length).toBe(329)
  for (const payload of payloads) {
    const events = translate(payload)
    expect(events.length, payload.webhook).toBeGreaterThan(0)
    for (const { id } of events) expect(id).not.toMatch(/undefined|null|object/)
  }
})

test('the facts of every event fit the schema of its record', () => {
  const all = payloads.flatMap((payload) => {
    return translate(payload).flatMap((event) => {
      const whole = ['created', 'changed'].includes(event.type.kind)
      const before = complaints(event, event.before, event.type.kind === 'deleted')
      return [...complaints(event, event.after, whole), ...before].map((each) => `${payload.webhook}: ${each}`)
    })
  })
  expect(all).toEqual([])
})

test('no event carries what can be looked up behind a key', () => {
  for (const { before, after } of payloads.flatMap(translate)) {
    for (const image of [before, after]) for (const link of links) expect(isObject(image?.[link])).toBe(false)
  }
})

test('an edited title has the old one in the image before, and nothing else differs', () => {
  const { type, before, after } = one('discussion', 'edited')
  expect(type.name).toBe('discussion.changed')
  expect(before.title).toBe('TEST')
  expect({ ...before, title: after.title }).toEqual(after)
})

test('a pull request that was closed had been open', () => {
  const { type, before, after } = one('pull_request', 'closed')
  expect(type.name).toBe('pull_request.changed')
  expect([before.state, before.closed_at, after.state]).toEqual(['open', null, 'closed'])
})

test('a label that was added is missing before; one that was taken off was there', () => {
  const names = (image: Json): unknown => (image.labels as readonly Json[]).map(({ name }) => name)
  const added = one('pull_request', 'labeled')
  expect([names(added.before), names(added.after)]).toEqual([[], ['bug']])
  expect(names(one('issues', 'unlabeled').before)).toEqual(['bug'])
})

test('a renamed repository had its old full name, a transferred one its old owner', () => {
  expect(one('repository', 'renamed').before).toMatchObject({
    name: 'Hello-World',
    full_name: 'Octocoders/Hello-World',
  })
  const { before, after } = one('repository', 'transferred')
  expect([before.ownerId, before.full_name]).toEqual([1, 'octocat/Hello-World'])
  expect(after.ownerId).not.toBe(1)
})

test('what GitHub does not tell of the time before is an event of its own', () => {
  expect(changed('issues', 'pinned').map(({ type }) => type.name)).toEqual(['issue.pinned'])
  expect(changed('code_scanning_alert', 'fixed')[0]).not.toHaveProperty('before')
})

test('a fork is a new repository as well', () => {
  const [fork] = payloads.filter(({ webhook }) => webhook === 'fork')
  expect(translate(fork!).map(({ type }) => type.name)).toEqual(['fork.created', 'repository.created'])
})

test('a webhook that nobody knows is refused by name', () => {
  expect(() => translate({ webhook: 'lunar_phase', body: {}, bytes: 2 })).toThrow('"lunar_phase"')
})
