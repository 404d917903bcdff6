import type { Measure, Part, PartOptions } from '../measure.js'
import { inTurns } from '../side/turns.js'

/** From an event to the bodies that 50 listeners get, in five shapes, beside a document made for each of them. */
export const encode: Part = {
  name: 'encode',
  what: 'an event for 50 listeners in 5 shapes, beside JSON.stringify a listener',
  *measures(options) {
    for (const bodyBytes of [400, 3000]) yield shapes(bodyBytes, options)
  },
}

function shapes(bodyBytes: number, { quick }: PartOptions): Measure {
  // A run begins with a full collection, of which some goes on behind it: so long that this does not count.
  const load = { bodyBytes, events: quick ? 500 : Math.ceil(16_000_000 / bodyBytes) }
  const against = 'JSON.stringify a listener'
  const bytes = { ours: 0, theirs: 0 }
  const sides = { ours: { of: 'recordcast, encoding', load }, theirs: { of: against, load } } as const
  return {
    name: `project + encode, 50 listeners in 5 shapes, ${bodyBytes} B`,
    against,
    unit: 'µs of CPU/event',
    better: 'lower',
    bars: [{ of: 'ratio', atLeast: 8 }],
    ...inTurns(sides, (figures, who) => {
      bytes[who] = figures.bytes!
      return figures.cpuMicros!
    }),
    also: () => ({ 'bytes encoded an event': bytes.ours, 'of theirs': bytes.theirs }),
  }
}
