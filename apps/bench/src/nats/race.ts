import { openOurs } from '../broker/ours.js'
import type { Race } from '../broker/race.js'
import type { SideOptions } from '../broker/side.js'
import { type Acks, openRaw } from './raw.js'
import { sweep } from './sweep.js'

/** What our driver takes in by default. */
const window = 1000

/** Our side of a race over JetStream, and the client alone, with or without confirmed acks, on the other. */
export function raceOf(name: string, acks: Acks, options: SideOptions): Race {
  return {
    ...{ name: `JetStream, ${name}`, against: `@nats-io, acks ${acks}` },
    ours: async () => {
      const side = await openOurs(options, (namespace) => sweep(options.url, namespace))
      return Object.assign(side, { window })
    },
    theirs: async () => Object.assign(await openRaw(options, acks), { window }),
  }
}
