import { flowMeasures } from '../broker/race.js'
import type { Part } from '../measure.js'
import { raceOf } from '../nats/race.js'

const sizes = [
  { bytes: 300, called: '300 B' },
  { bytes: 3000, called: '3 KB' },
]

/**
 * Emit to handler over JetStream, beside the client doing the same publishes and acks. Ours has each ack confirmed, so the bar is against
 * the client that does; against the one that merely sends them it is told, without a bar.
 */
export const nats: Part = {
  name: 'nats',
  what: 'JetStream end to end at 1, 10 and 50 listeners, beside @nats-io',
  *measures({ quick, brokers: { nats: url } }) {
    if (url === undefined) return
    for (const acks of ['confirmed', 'sent'] as const) {
      for (const { bytes, called } of sizes) {
        for (const listeners of [1, 10, 50]) {
          const race = raceOf(`${listeners} × ${called}`, acks, { url, listeners, bytes })
          const copies = quick ? 600 : 30_000
          yield* flowMeasures(race, Math.max(1, Math.round(copies / listeners)), bars[acks])
        }
      }
    }
  },
}

const bars = { confirmed: { rate: [{ of: 'ratio', atLeast: 0.9 }], cpu: [] }, sent: { rate: [], cpu: [] } } as const
