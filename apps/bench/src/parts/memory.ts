import { openOurs } from '../embedded/ours.js'
import type { Measure, Part, PartOptions } from '../measure.js'

/** Whether anything is left behind by an event: the heap through a million of them. */
export const memory: Part = {
  name: 'memory',
  what: 'the heap through 1,000,000 events on the embedded transport',
  async *measures(options) {
    yield await heap(options)
  },
}

const steps = 50

async function heap({ quick }: PartOptions): Promise<Measure> {
  const collect = globalThis.gc
  const perStep = (quick ? 20_000 : 1_000_000) / steps
  const rig = await openOurs({ url: 'memory://heap', listeners: 2, bodyBytes: 400, window: 200, events: perStep })
  let slope = { perEvent: Number.NaN, error: Number.NaN }
  let warm = false
  const held: number[] = []
  return {
    name: `heap through ${(perStep * steps).toLocaleString('en-GB')} events, 2 listeners`,
    against: '–',
    unit: 'B/event',
    better: 'lower',
    // What keeps a number an event, or a bit more, is above this; what the collector leaves here and there is not.
    bars: [{ of: 'ours', atMost: 1 }],
    runs: 1,
    ours: async () => {
      if (collect === undefined) throw new Error('It needs node --expose-gc, as npm run bench gives')
      held.length = 0
      // The run that is not counted fills what is filled once.
      const now = warm ? steps : steps / 10
      warm = true
      for (let step = 0; step < now; step++) {
        await rig.run()
        collect()
        held.push(process.memoryUsage().heapUsed)
      }
      slope = line(held, perStep)
      return slope.perEvent
    },
    end: () => rig.close(),
    also: () => ({
      'standard error': slope.error,
      'MB at the beginning': held[0]! / 1e6,
      'MB at the end': held.at(-1)! / 1e6,
      'MB resident': process.memoryUsage().rss / 1e6,
    }),
  }
}

/** The slope of the straight line through the figures, with its standard error. */
function line(figures: readonly number[], width: number): { readonly perEvent: number; readonly error: number } {
  const middle = (figures.length - 1) / 2
  const mean = figures.reduce((sum, each) => sum + each, 0) / figures.length
  let [xx, xy] = [0, 0]
  for (const [x, y] of figures.entries()) {
    xx += (x - middle) ** 2
    xy += (x - middle) * (y - mean)
  }
  const slope = xy / xx
  const rest = figures.reduce((sum, y, x) => sum + (y - mean - slope * (x - middle)) ** 2, 0)
  return { perEvent: slope / width, error: Math.sqrt(rest / (figures.length - 2) / xx) / width }
}
