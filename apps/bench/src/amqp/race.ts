import { openOurs } from '../broker/ours.js'
import type { Race } from '../broker/race.js'
import type { SideOptions } from '../broker/side.js'
import { openRascal } from './rascal.js'
import { openRaw } from './raw.js'
import { sweep } from './sweep.js'

/** Our side of a race over RabbitMQ, and who runs on the other. */
export function raceOf(name: string, against: 'amqplib' | 'rascal', options: SideOptions): Race {
  const { url } = options
  const open = against === 'amqplib' ? openRaw : openRascal
  return {
    ...{ name: `RabbitMQ, ${name}`, against },
    ours: () => openOurs(options, (namespace, transport) => sweep(url, namespace, transport)),
    theirs: () => open(options),
  }
}
