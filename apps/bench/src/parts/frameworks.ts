import { raceOf } from '../amqp/race.js'
import { crowds, eventsFor } from '../broker/loads.js'
import { flowMeasures } from '../broker/race.js'
import type { Part } from '../measure.js'

/** Copies a run: rascal takes a second for so few. */
const copies = { rascal: 2000, moleculer: 15_000 }
const faster = [{ of: 'ratio', atLeast: 1 }] as const

/** Emit to handler beside what frameworks have for durable delivery: rascal with confirms and acks, moleculer with acks alone. */
export const frameworks: Part = {
  name: 'frameworks',
  what: 'emit to handler over RabbitMQ, beside rascal and moleculer',
  *measures({ quick, brokers: { amqp: url } }) {
    if (url === undefined) return
    for (const against of ['rascal', 'moleculer'] as const) {
      for (const { listeners, bytes, called } of crowds) {
        const race = raceOf(called, against, { url, listeners, bytes })
        yield* flowMeasures(race, eventsFor(quick ? 100 : copies[against], listeners), { rate: faster, cpu: faster })
      }
    }
  },
}
