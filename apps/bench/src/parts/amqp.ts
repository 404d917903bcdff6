import { raceOf } from '../amqp/race.js'
import { flowMeasures } from '../broker/race.js'
import type { Part } from '../measure.js'

const sizes = [
  { bytes: 300, called: '300 B' },
  { bytes: 3000, called: '3 KB' },
]

/** Emit to handler over RabbitMQ, beside amqplib doing the same publishes, confirms and acks, and beside rascal. */
export const amqp: Part = {
  name: 'amqp',
  what: 'RabbitMQ end to end at 1, 10 and 50 listeners, beside amqplib and beside rascal',
  *measures({ quick, brokers: { amqp: url } }) {
    if (url === undefined) return
    for (const against of ['amqplib', 'rascal'] as const) {
      const copies = (quick ? 0.02 : 1) * (against === 'rascal' ? 5000 : 30_000)
      for (const { bytes, called } of sizes) {
        for (const listeners of [1, 10, 50]) {
          const race = raceOf(`${listeners} × ${called}`, against, { url, listeners, bytes })
          yield* flowMeasures(race, Math.max(1, Math.round(copies / listeners)), bars[against])
        }
      }
    }
  },
}

// Of CPU at most 1.3 times as much is 0.77 times as good.
const bars = {
  amqplib: { rate: [{ of: 'ratio', atLeast: 0.9 }], cpu: [{ of: 'ratio', atLeast: 1 / 1.3 }] },
  rascal: { rate: [{ of: 'ratio', atLeast: 1 }], cpu: [{ of: 'ratio', atLeast: 1 }] },
} as const
