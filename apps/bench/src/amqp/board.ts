import { startMeasure } from '../broker/start.js'
import type { Measure } from '../measure.js'
import { readBoard } from './read-board.js'
import { sweep } from './sweep.js'

/** A source that starts among so many listeners. */
export function boardMeasure(url: string, listeners: number): Measure {
  return startMeasure({
    ...{ broker: 'RabbitMQ', url, listeners, atMost: 1000 },
    sweep: (namespace, transport) => sweep(url, namespace, transport),
    read: (namespace) => readBoard(url, `${namespace}.board0.listeners`, listeners),
  })
}
