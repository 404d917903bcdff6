import { raceOf as amqpRace } from '../amqp/race.js'
import { latencyMeasures } from '../broker/race.js'
import type { Part } from '../measure.js'
import { raceOf as natsRace } from '../nats/race.js'

// At most 1.25 times as long is 0.8 times as good.
const bars = [{ of: 'ratio', atLeast: 1 / 1.25 }] as const

/** From emit to handler at 1,000 events a second, beside the raw client. */
export const latency: Part = {
  name: 'latency',
  what: 'emit to handler at 1,000 events a second, beside the raw client',
  *measures({ quick, brokers }) {
    const seconds = quick ? 1 : 5
    if (brokers.amqp !== undefined) {
      const race = amqpRace('1,000 events/s', 'amqplib', { url: brokers.amqp, listeners: 1, bytes: 300 })
      yield* latencyMeasures(race, 1000, seconds, bars)
    }
    if (brokers.nats !== undefined) {
      const race = natsRace('1,000 events/s', 'confirmed', { url: brokers.nats, listeners: 1, bytes: 300 })
      yield* latencyMeasures(race, 1000, seconds, bars)
    }
  },
}
