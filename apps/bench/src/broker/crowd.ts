import { randomUUID } from 'node:crypto'
import { listenerFactSchema } from '@recordcast/protocol/control'
import { announceListener } from '@recordcast/registry'
import type { Transport } from '@recordcast/transport'
import { connect, createSource, defineRecord } from 'recordcast'
import { z } from 'zod'

const issue = defineRecord('issue', z.object({ title: z.string(), state: z.string(), size: z.number() }))
const attributeSets = [['title'], ['title', 'state'], ['size'], ['size', 'title'], ['state']]
const atOnce = 500

/** So many listeners on the boards of a namespace of its own. */
export interface Crowd {
  readonly namespace: string
  /** Milliseconds that a source needs to start and to take all of them in, its connection not counted. */
  start(): Promise<number>
  close(): Promise<void>
}

/** @param sweep deletes what the broker keeps of a namespace */
export async function openCrowd(
  url: string,
  listeners: number,
  sweep: (namespace: string, transport: Transport) => Promise<void>,
): Promise<Crowd> {
  const namespace = `bench-${randomUUID().slice(0, 8)}`
  const broker = await connect(url, { namespace })
  for (let from = 0; from < listeners; from += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, listeners - from) }, (_, at) => factOf(from + at))
    await Promise.all(some.map((fact) => announceListener(broker.transport, fact)))
  }
  return {
    namespace,
    async start() {
      const own = await connect(url, { namespace })
      const source = createSource({ service: 'bench', broker: own, records: [{ type: issue }] })
      const began = performance.now()
      await source.start()
      const ms = performance.now() - began
      const taken = source.stats().listeners.length
      await source.stop()
      await own.close()
      if (taken !== listeners) throw new Error(`The source has taken in ${taken} of ${listeners} listeners`)
      return ms
    },
    async close() {
      await broker.close()
      await sweep(namespace, broker.transport)
    },
  }
}

/** A listener with a filter of its own. */
function factOf(n: number) {
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
