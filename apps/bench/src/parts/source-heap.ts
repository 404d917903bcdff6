import { setTimeout as pause } from 'node:timers/promises'
import { connect, createSource } from 'recordcast'
import type { Measure, PartOptions } from '../measure.js'
import { announceCrowd, issue } from '../workload/listeners.js'
import { heapUsed } from './heap-used.js'

const settleMs = 20

/**
 * What a source takes for a subscription altogether, its connection to the board included: distinct filters, five attribute sets, one subscription a listener. The
 * embedded broker's own copy is not counted, for it stands in the place of a server.
 */
export function sourceHeap({ quick }: PartOptions): Measure {
  const count = quick ? 1000 : 100_000
  const crowd = openCrowd(count)
  return {
    name: 'heap of a whole subscription in a source, 100,000 there',
    against: '–',
    unit: 'B',
    better: 'lower',
    bars: [{ of: 'ours', atMost: 1024 }],
    runs: 3,
    ours: async () => {
      const broker = await crowd
      await pause(settleMs)
      const before = heapUsed()
      const source = createSource({ service: 'bench', broker, records: [{ type: issue }] })
      await source.start()
      await pause(settleMs)
      const bytes = (heapUsed() - before) / count
      const taken = source.stats().listeners.length
      await source.stop()
      if (taken !== count) throw new Error(`The source has taken in ${taken} of ${count} listeners`)
      return bytes
    },
    end: async () => (await crowd).close(),
  }
}

async function openCrowd(listeners: number): ReturnType<typeof connect> {
  const broker = await connect('memory:')
  await announceCrowd(broker.transport, listeners)
  return broker
}
