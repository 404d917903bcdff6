import { defineRecord } from '@recordcast/protocol'
import { systemClock } from '@recordcast/transport'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createCommons } from './commons.js'
import { createOwnedRecords } from './owned.js'
import { takeIn } from './take-in.js'

test('a fact full of unknown attributes is refused with few suggestions and few reasons', () => {
  const fields = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`field${n}`, z.string()]))
  const owned = createOwnedRecords([{ type: defineRecord('issue', z.object(fields)) }], systemClock, () => [])
  const attributes = Array.from({ length: 1000 }, (_, n) => `feild${n}`)
  const subscriptions = ['created', 'changed', 'deleted', 'labelled'].map((kind) => ({
    event: `issue.${kind}`,
    attributes,
    tenants: 'all' as const,
  }))
  const fact = { service: 's', listener: 's', queue: 's', set: 'x', subscriptions } as never
  const { verdicts, entries } = takeIn(fact, 's/x', owned, () => 0)
  expect(entries).toEqual([])
  expect(verdicts.map(({ reasons }) => reasons.length)).toEqual([256, 256, 256, 256])
  expect(verdicts.flatMap(({ reasons }) => reasons).filter(({ nearest }) => nearest?.length).length).toBe(16)
})

test('what was made for others changes no verdict', () => {
  const issue = defineRecord('issue', z.object({ title: z.string(), author: z.object({ login: z.string() }) }))
  const push = defineRecord('push', z.object({ ref: z.string(), title: z.number() }))
  const link = { key: () => 'a', load: async () => [] }
  const owned = createOwnedRecords(
    [
      { type: issue, events: ['closed'], links: { team: link } },
      { type: push, grant: ({ listener, attribute }) => listener === 'trusted' || attribute !== 'ref' },
    ],
    systemClock,
    () => [],
  )
  const events = ['issue.changed', 'issue.closed', 'issue.opened', 'push.created', 'other.created', 'none']
  const attributes = [
    [],
    ['title'],
    ['title', 'ref'],
    ['titel'],
    ['author.login', 'team.name'],
    ['$before.title'],
    ['{'],
  ]
  const filters = [
    ...[undefined, { title: ['x'] }, { title: ['y'] }, { titel: ['x'] }, { ref: ['x'] }, { title: [] }],
    ...[
      { team: { name: ['x'] } },
      { title: ['x'], team: { name: ['x'] } },
      { $or: [{ title: ['x'] }, { ref: ['y'] }] },
    ],
    { $before: { title: ['x'] } },
  ]
  const tenants = ['all', ['a'], Array.from({ length: 20 }, (_, n) => `tenant-${n}`)]
  const shared = attributes.map((texts) => Object.freeze(texts))
  const commons = createCommons()
  let accepted = 0
  for (const [at, event] of [...events, ...events].entries()) {
    for (const own of shared) {
      for (const filter of filters) {
        for (const listener of ['trusted', 'other']) {
          const subscription = { event, attributes: own, tenants: tenants[at % 3], ...(filter && { filter }) }
          const fact = { service: 's', listener, queue: 's', set: 'x', subscriptions: subscription } as never
          const among = takeIn(fact, 's/x', owned, () => 0, commons)
          const alone = takeIn(fact, 's/x', owned, () => 0)
          expect(among.verdicts).toEqual(alone.verdicts)
          const told = ({ entries }: typeof among) =>
            entries.map(({ atoms, filter: made, tenants: wanted }) => {
              const { paths, indexed, whole } = made ?? {}
              return { texts: atoms.map(({ text }) => text), paths, indexed, whole: whole !== undefined, wanted }
            })
          expect(told(among)).toEqual(told(alone))
          accepted += among.entries.length
        }
      }
    }
  }
  expect(accepted).toBeGreaterThan(200)
})
