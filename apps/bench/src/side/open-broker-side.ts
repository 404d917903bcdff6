import { openMoleculer } from '../amqp/moleculer.js'
import { openRascal } from '../amqp/rascal.js'
import { openRaw as openAmqp } from '../amqp/raw.js'
import { sweep as sweepAmqp } from '../amqp/sweep.js'
import { openOurs } from '../broker/ours.js'
import type { Side } from '../broker/side.js'
import { openRaw as openNats } from '../nats/raw.js'
import { sweep as sweepNats } from '../nats/sweep.js'
import type { BrokerSide } from './spec.js'

/** What our driver for NATS takes in by default. */
const window = 1000

export async function openBrokerSide({ of, broker, options }: BrokerSide): Promise<Side> {
  const { url } = options
  switch (of) {
    case 'amqplib':
      return openAmqp(options)
    case 'moleculer':
      return openMoleculer(options)
    case 'rascal':
      return openRascal(options)
    case '@nats-io, acks confirmed':
      return Object.assign(await openNats(options, 'confirmed'), { window })
    case '@nats-io, acks sent':
      return Object.assign(await openNats(options, 'sent'), { window })
    case 'recordcast':
      if (broker === 'amqp') return openOurs(options, (namespace, transport) => sweepAmqp(url, namespace, transport))
      return Object.assign(await openOurs(options, (namespace) => sweepNats(url, namespace)), { window })
  }
}
