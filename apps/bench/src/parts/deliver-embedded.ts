import { openEmitter } from '../embedded/emitter.js'
import type { Figures, Load, Rig } from '../embedded/load.js'
import { openOurs } from '../embedded/ours.js'
import type { Bar, Measure, Part, PartOptions } from '../measure.js'
import { median } from '../take.js'

/** Events from emit to handler, whole: the embedded transport beside Node's EventEmitter. */
export const deliverEmbedded: Part = {
  name: 'deliver',
  what: 'the embedded transport from emit to handler, 1, 10 and 50 listeners, beside an EventEmitter',
  async *measures(options) {
    for (const listeners of [1, 10, 50])
      for (const bodyBytes of [400, 3000]) yield embedded(listeners, bodyBytes, options)
  },
}

function embedded(listeners: number, bodyBytes: number, { quick }: PartOptions): Promise<Measure> {
  const load = { listeners, bodyBytes, window: 200, events: Math.ceil((quick ? 5000 : 100_000) / listeners) }
  const bars: Bar[] = [
    { of: 'ratio', atLeast: 0.25 },
    { of: 'ours', atLeast: 150_000 },
  ]
  return beside(
    'embedded',
    load,
    bars,
    'EventEmitter + JSON copy',
    () => openOurs({ ...load, url: 'memory://bench' }),
    async () => openEmitter(load),
  )
}

/** A measure of two rigs under the same load. */
async function beside(
  name: string,
  { listeners, bodyBytes }: Load,
  bars: readonly Bar[],
  against: string,
  open: () => Promise<Rig>,
  openOther: () => Promise<Rig>,
): Promise<Measure> {
  const [rig, other] = [await open(), await openOther()]
  const cpu = { ours: [] as number[], theirs: [] as number[] }
  const note = (side: number[], { perSecond, cpuMicros }: Figures): number => {
    side.push(cpuMicros)
    return perSecond
  }
  return {
    name: `${name}, ${listeners} listener${listeners === 1 ? '' : 's'}, ${bodyBytes} B`,
    against,
    unit: 'deliveries/s',
    better: 'higher',
    bars,
    ours: async () => note(cpu.ours, await rig.run()),
    theirs: async () => note(cpu.theirs, await other.run()),
    end: async () => {
      await rig.close()
      await other.close()
    },
    also: () => {
      // The first run is the warm-up.
      const [ours, theirs] = [median(cpu.ours.slice(1)), median(cpu.theirs.slice(1))]
      return { 'µs of CPU a delivery': ours, 'of theirs': theirs, times: ours / theirs }
    },
  }
}
