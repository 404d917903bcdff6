import { randomUUID } from 'node:crypto'
import type { Transport } from '@recordcast/transport'
import { connect, createSource } from 'recordcast'
import { announceCrowd, issue } from '../workload/listeners.js'

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
  await announceCrowd(broker.transport, listeners)
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
