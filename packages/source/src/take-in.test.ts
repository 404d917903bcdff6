import { defineRecord } from '@recordcast/protocol'
import { systemClock } from '@recordcast/transport'
import { expect, test } from 'vitest'
import { z } from 'zod'
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
