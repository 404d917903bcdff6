import type { StreamInfo } from '@nats-io/jetstream'
import { TransportError } from '@recordcast/transport'
import { isNobody } from '../link/errors.js'
import { baseOf, isShelf } from '../names.js'
import type { Party } from '../party.js'
import { durableOf, ensureDurable } from './durable.js'
import { type Label, readLabel, writeLabel } from './label.js'
import { type Again, checkStream, makeStream, readStream, standing } from './stream.js'

/** A queue that stands. */
export interface Declared {
  readonly stream: string
  readonly durable: string
  /** Another making, another stream, of whatever name. */
  readonly making: string
  readonly consumerMadeMs: number
  readonly ackWaitMs: number
}

const aliveTimeoutMs = 2000

/**
 * The queue, made if it is absent, with its consumer. `again`: it stood before. Throws invalid-argument when it exists and is
 * somebody else's.
 */
export async function declare(
  party: Party,
  queue: string,
  lifetime: 'durable' | 'instance',
  again?: Again,
): Promise<Declared> {
  const owner = lifetime === 'instance' ? party.id : undefined
  const info = await standing(party, party.names.stream(queue), again, () => makeStream(party, queue, owner))
  const label = await claim(party, info, labelOf(info, queue), owner)
  if (owner !== undefined) party.instances.add(queue)
  return withConsumer(party, info, label)
}

/** The shelf of a queue, which ends as its queue does. */
export async function declareShelf(party: Party, shelf: string, again?: Again): Promise<Declared> {
  const info = await standing(party, party.names.stream(shelf), again, async () => {
    const queue = await readStream(party, party.names.stream(baseOf(shelf)))
    return makeStream(party, shelf, queue && readLabel(queue)?.owner)
  })
  return withConsumer(party, info, labelOf(info, shelf))
}

/** A queue or the shelf of one, whichever bears the name. */
export function declareAny(
  party: Party,
  name: string,
  lifetime: 'durable' | 'instance' = 'durable',
  again?: Again,
): Promise<Declared> {
  return isShelf(name) ? declareShelf(party, name, again) : declare(party, name, lifetime, again)
}

async function withConsumer(party: Party, info: StreamInfo, label: Label): Promise<Declared> {
  checkStream(info, label.queue)
  const stream = info.config.name
  const { name, created, config } = await ensureDurable(party, stream, durableOf(label))
  return {
    stream,
    durable: name,
    making: label.making,
    consumerMadeMs: Date.parse(created),
    ackWaitMs: Math.max(100, (config.ack_wait ?? 0) / 1e6),
  }
}

function labelOf(info: StreamInfo, queue: string): Label {
  const label = readLabel(info)
  if (label?.queue === queue) return label
  throw invalid(`The stream ${info.config.name} exists, but is not Recordcast's queue ${queue}.`)
}

/** The label, if the queue is as declared. An instance queue whose owner is dead changes hands with its messages. */
async function claim(party: Party, info: StreamInfo, label: Label, owner: string | undefined): Promise<Label> {
  const { queue } = label
  if (label.owner === owner) return label
  if (label.owner === undefined || owner === undefined) {
    const [is, asked] = owner === undefined ? ['instance', 'durable'] : ['durable', 'instance']
    throw invalid(`The queue ${queue} exists as '${is}'; it cannot be declared as '${asked}'.`)
  }
  if (await isAlive(party, label.owner))
    throw invalid(`The queue ${queue} is an 'instance' queue of another transport, which lives.`)
  const taken = { ...label, owner }
  await party.api((jsm) => jsm.streams.update(info.config.name, { ...info.config, description: writeLabel(taken) }))
  return taken
}

/** Whether a transport answers, or is at least connected. */
export async function isAlive(party: Party, owner: string): Promise<boolean> {
  try {
    await party.link.request(party.names.party(owner), '', aliveTimeoutMs)
    return true
  } catch (error) {
    if (error instanceof TransportError) throw error
    return !isNobody(error)
  }
}

function invalid(sentence: string): TransportError {
  return new TransportError('invalid-argument', sentence)
}
