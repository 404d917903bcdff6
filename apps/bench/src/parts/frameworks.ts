import { raceOf } from '../amqp/race.js'
import { crowds, eventsFor } from '../broker/loads.js'
import { flowMeasures } from '../broker/race.js'
import type { Part } from '../measure.js'

const faster = [{ of: 'ratio', atLeast: 1 }] as const

/** Emit to handler beside what frameworks have for durable delivery with confirms and acks. */
export const frameworks: Part = {
  name: 'frameworks',
  what: 'emit to handler over RabbitMQ, beside rascal',
  *measures({ quick, brokers: { amqp: url } }) {
    if (url === undefined) return
    for (const { listeners, bytes, called } of crowds) {
      const race = raceOf(called, 'rascal', { url, listeners, bytes })
      yield* flowMeasures(race, eventsFor(quick ? 100 : 2000, listeners), { rate: faster, cpu: faster })
    }
  },
}
