import { randomUUID } from 'node:crypto'
import { type ListenerFact, listenerFactSchema } from '@recordcast/protocol/control'
import { announceListener } from '@recordcast/registry'
import type { Transport } from '@recordcast/transport'
import { defineRecord } from 'recordcast'
import { z } from 'zod'

/** The record type that they subscribe to. */
export const issue = defineRecord('issue', z.object({ title: z.string(), state: z.string(), size: z.number() }))

const attributeSets = [['title'], ['title', 'state'], ['size'], ['size', 'title'], ['state']]

/** A listener with a filter of its own, and one of five sets of attributes. */
function listenerFact(n: number): ListenerFact {
  return listenerFactSchema.parse({
    ...{ v: 1, kind: 'listener', service: `s${n}`, listener: `s${n}`, queue: `s${n}`, delivery: 'shared' },
    ...{ set: randomUUID(), generation: 1, address: `listener/s${n}`, since: new Date().toISOString() },
    subscriptions: [
      {
        event: 'issue.changed',
        attributes: attributeSets[n % attributeSets.length],
        filter: { title: [`title ${n}`] },
      },
    ],
  })
}

const atOnce = 500

/** Puts so many of them on the board. */
export async function announceCrowd(transport: Transport, count: number): Promise<void> {
  for (let from = 0; from < count; from += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - from) }, (_, at) => listenerFact(from + at))
    await Promise.all(some.map((fact) => announceListener(transport, fact)))
  }
}
