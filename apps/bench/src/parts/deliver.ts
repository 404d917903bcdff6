import { raceOf as amqpRace } from '../amqp/race.js'
import { crowds, eventsFor } from '../broker/loads.js'
import { flowMeasures } from '../broker/race.js'
import type { Part } from '../measure.js'
import { raceOf as natsRace } from '../nats/race.js'

// Of CPU at most 1.3 times as much is 0.77 times as good.
const bars = { rate: [{ of: 'ratio', atLeast: 0.9 }], cpu: [{ of: 'ratio', atLeast: 1 / 1.3 }] } as const
const noBars = { rate: [], cpu: [] } as const

/**
 * Emit to handler beside the raw client doing the same publishes, confirms and acks. On JetStream ours has each ack confirmed, so the
 * bar is against the client that does; against the one that merely sends them it is told, without a bar.
 */
export const deliver: Part = {
  name: 'deliver',
  what: 'emit to handler over RabbitMQ and JetStream at 1, 10 and 50 listeners, beside the raw client',
  *measures({ quick, brokers: { amqp, nats } }) {
    const copies = quick ? 600 : 15_000
    for (const { listeners, bytes, called } of amqp === undefined ? [] : crowds) {
      const race = amqpRace(called, 'amqplib', { url: amqp!, listeners, bytes })
      yield* flowMeasures(race, eventsFor(copies, listeners), bars)
    }
    for (const acks of ['confirmed', 'sent'] as const) {
      for (const { listeners, bytes, called } of nats === undefined ? [] : crowds) {
        const race = natsRace(called, acks, { url: nats!, listeners, bytes })
        yield* flowMeasures(race, eventsFor(copies, listeners), acks === 'confirmed' ? bars : noBars)
      }
    }
  },
}
