import type { Race } from '../broker/race.js'
import type { SideOptions } from '../broker/side.js'
import type { Acks } from './raw.js'

/** Our side of a race over JetStream, and the client alone, with or without confirmed acks, on the other. */
export function raceOf(name: string, acks: Acks, options: SideOptions): Race {
  return {
    name: `JetStream, ${name}`,
    ours: { of: 'recordcast', broker: 'nats', options },
    theirs: { of: `@nats-io, acks ${acks}`, broker: 'nats', options },
  }
}
