import { openEmitter } from '../embedded/emitter.js'
import type { Rig } from '../embedded/load.js'
import { openOurs } from '../embedded/ours.js'
import type { Measure, Part, PartOptions } from '../measure.js'
import { median } from '../take.js'

/** Events from emit to handler, whole: the embedded transport beside Node's EventEmitter. Of both the CPU is counted that they took. */
export const deliverEmbedded: Part = {
  name: 'embedded',
  what: 'the embedded transport from emit to handler, 1, 10 and 50 listeners, beside an EventEmitter',
  async *measures(options) {
    for (const listeners of [1, 10, 50])
      for (const bodyBytes of [400, 3000]) yield await embedded(listeners, bodyBytes, options)
  },
}

async function embedded(listeners: number, bodyBytes: number, { quick }: PartOptions): Promise<Measure> {
  const load = { listeners, bodyBytes, window: 200, events: Math.ceil((quick ? 5000 : 100_000) / listeners) }
  const rig = await openOurs({ ...load, url: 'memory://bench' })
  const other = openEmitter(load)
  const byTheClock: number[] = []
  const perCpuSecond = async (each: Rig): Promise<number> => {
    const { perSecond, cpuMicros } = await each.run()
    if (each === rig) byTheClock.push(perSecond)
    return 1e6 / cpuMicros
  }
  return {
    name: `embedded, ${listeners} listener${listeners === 1 ? '' : 's'}, ${bodyBytes} B`,
    against: 'EventEmitter + JSON copy',
    unit: 'deliveries/s of CPU',
    better: 'higher',
    bars: [
      { of: 'ratio', atLeast: 0.25 },
      { of: 'ours', atLeast: 150_000 },
    ],
    ours: () => perCpuSecond(rig),
    theirs: () => perCpuSecond(other),
    end: async () => {
      await rig.close()
      await other.close()
    },
    // The first run is the warm-up.
    also: () => ({ 'ours by the clock': median(byTheClock.slice(1)) }),
  }
}
