import type { Measure, Part, PartOptions } from '../measure.js'
import { inTurns } from '../side/turns.js'
import { median } from '../take.js'

/** Events from emit to handler, whole: the embedded transport beside Node's EventEmitter. Of both the CPU is counted that they took. */
export const deliverEmbedded: Part = {
  name: 'embedded',
  what: 'the embedded transport from emit to handler, 1, 10 and 50 listeners, beside an EventEmitter',
  *measures(options) {
    for (const listeners of [1, 10, 50])
      for (const bodyBytes of [400, 3000]) yield embedded(listeners, bodyBytes, options)
  },
}

function embedded(listeners: number, bodyBytes: number, { quick }: PartOptions): Measure {
  const load = { listeners, bodyBytes, window: 200, events: Math.ceil((quick ? 5000 : 100_000) / listeners) }
  const against = 'EventEmitter + JSON copy'
  const byTheClock: number[] = []
  const sides = { ours: { of: 'recordcast, embedded', load }, theirs: { of: against, load } } as const
  return {
    name: `embedded, ${listeners} listener${listeners === 1 ? '' : 's'}, ${bodyBytes} B`,
    against,
    unit: 'deliveries/s of CPU',
    better: 'higher',
    bars: [
      { of: 'ratio', atLeast: 0.25 },
      { of: 'ours', atLeast: 150_000 },
    ],
    ...inTurns(sides, (figures, who) => {
      if (who === 'ours') byTheClock.push(figures.perSecond!)
      return 1e6 / figures.cpuMicros!
    }),
    // The first run is the warm-up.
    also: () => ({ 'ours by the clock': median(byTheClock.slice(1)) }),
  }
}
