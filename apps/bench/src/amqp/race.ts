import type { Race } from '../broker/race.js'
import type { SideOptions } from '../broker/side.js'

/** Our side of a race over RabbitMQ, and who runs on the other. */
export function raceOf(name: string, against: 'amqplib' | 'rascal' | 'moleculer', options: SideOptions): Race {
  return {
    name: `RabbitMQ, ${name}`,
    ours: { of: 'recordcast', broker: 'amqp', options },
    theirs: { of: against, broker: 'amqp', options },
  }
}
