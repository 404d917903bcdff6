import { type Crowd, openCrowd } from '../broker/crowd.js'
import type { Measure } from '../measure.js'
import { readBoard } from './read-board.js'
import { boardOf, sweep } from './sweep.js'

/** A source that starts among so many listeners. */
export function boardMeasure(url: string, listeners: number): Measure {
  let crowd: Promise<Crowd> | undefined
  const open = (): Promise<Crowd> => {
    crowd ??= openCrowd(url, listeners, (namespace) => sweep(url, namespace))
    return crowd
  }
  return {
    name: `JetStream, a source starts among ${listeners.toLocaleString('en-GB')} listeners`,
    against: 'reading the same bytes',
    unit: 'ms',
    better: 'lower',
    bars: [
      { of: 'ratio', atLeast: 1 / 1.5 },
      { of: 'ours', atMost: 500 },
    ],
    ours: async () => (await open()).start(),
    theirs: async () => readBoard(url, boardOf((await open()).namespace, 'listeners'), listeners),
    end: async () => (await crowd)?.close(),
  }
}
