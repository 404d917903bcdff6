import { startMeasure } from '../broker/start.js'
import type { Measure } from '../measure.js'
import { readBoard } from './read-board.js'
import { boardOf, sweep } from './sweep.js'

/** A source that starts among so many listeners. */
export function boardMeasure(url: string, listeners: number): Measure {
  return startMeasure({
    ...{ broker: 'JetStream', url, listeners, atMost: 500 },
    sweep: (namespace) => sweep(url, namespace),
    read: (namespace) => readBoard(url, boardOf(namespace, 'listeners'), listeners),
  })
}
