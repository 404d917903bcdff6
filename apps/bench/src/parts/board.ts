import { boardMeasure as amqpBoard } from '../amqp/board.js'
import type { Part } from '../measure.js'
import { boardMeasure as natsBoard } from '../nats/board.js'

/** The board of listeners as a starting source reads it, beside reading its bytes. */
export const board: Part = {
  name: 'board',
  what: 'a source starts among 10,000 listeners, beside reading the same bytes',
  *measures({ quick, brokers }) {
    const listeners = quick ? 500 : 10_000
    if (brokers.amqp !== undefined) yield amqpBoard(brokers.amqp, listeners)
    if (brokers.nats !== undefined) yield natsBoard(brokers.nats, listeners)
  },
}
