import { AckPolicy, type ConsumerInfo, DeliverPolicy } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { brokerCodes, saidBy } from '../link/errors.js'
import type { Party } from '../party.js'
import type { Label } from './label.js'

/**
 * The name of a queue's one consumer, which all who consume it share. It is of this making of the stream: a late ack for an
 * earlier one would otherwise settle whatever message has its number now.
 */
export function durableOf({ making }: Label): string {
  return `rc-${making}`
}

const defaultAckWaitMs = 30_000

/*
Retries that wait keep their seat among the unacknowledged, so there is no limit to these. There is none to deliveries either:
when a message is parked is decided above. A consumer without an inactive threshold outlives everybody.
*/
function configOf(durable: string, ackWaitMs: number) {
  return {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ackWaitMs),
    max_deliver: -1,
    max_ack_pending: -1,
    max_waiting: 4096,
  }
}

export async function readDurable(party: Party, stream: string, durable: string): Promise<ConsumerInfo | undefined> {
  try {
    return await party.api((jsm) => jsm.consumers.info(stream, durable))
  } catch (error) {
    if (saidBy(error, brokerCodes.consumerNotFound, brokerCodes.streamNotFound)) return undefined
    throw error
  }
}

/**
 * The stream's consumer, made if it is absent. One that differs is read, compared and only then changed, with a warning; an
 * ack wait that nobody asked for here stays as it is.
 */
export async function ensureDurable(party: Party, stream: string, durable: string): Promise<ConsumerInfo> {
  const { ackWaitMs } = party.settings
  const there = await readDurable(party, stream, durable)
  if (there === undefined) {
    const made = await party.api((jsm) => jsm.consumers.add(stream, configOf(durable, ackWaitMs ?? defaultAckWaitMs)))
    return compared(party, stream, made, configOf(durable, ackWaitMs ?? defaultAckWaitMs), false)
  }
  const asked = {
    ...configOf(durable, 0),
    ack_wait: ackWaitMs === undefined ? there.config.ack_wait : nanos(ackWaitMs),
  }
  return compared(party, stream, there, { ...asked, ack_wait: asked.ack_wait ?? nanos(defaultAckWaitMs) }, true)
}

async function compared(
  party: Party,
  stream: string,
  info: ConsumerInfo,
  asked: ReturnType<typeof configOf>,
  mend: boolean,
): Promise<ConsumerInfo> {
  const fields = ['ack_policy', 'ack_wait', 'max_deliver', 'max_ack_pending'] as const
  const wrong = fields.filter((field) => (info.config[field] ?? -1) !== asked[field])
  if (wrong.length === 0) return info
  const differences = wrong.map((field) => `${field} ${info.config[field]} instead of ${asked[field]}`).join(', ')
  party.warnOnce(`The consumer of the stream ${stream} has ${differences}${mend ? '; it is changed' : ''}.`)
  if (!mend) return info
  const { ack_wait, max_deliver, max_ack_pending } = asked
  return party.api((jsm) =>
    jsm.consumers.update(stream, info.name, { ...info.config, ack_wait, max_deliver, max_ack_pending }),
  )
}
