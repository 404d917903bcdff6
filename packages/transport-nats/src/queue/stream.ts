import { randomBytes } from 'node:crypto'
import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig, type StreamInfo } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { TransportError } from '@recordcast/transport'
import { brokerCodes, closed, saidBy } from '../link/errors.js'
import { isShelf } from '../names.js'
import type { Party } from '../party.js'
import { writeLabel } from './label.js'
import { replicated } from './replicas.js'

/** The stream as the broker has it; undefined when there is none. */
export async function readStream(party: Party, stream: string): Promise<StreamInfo | undefined> {
  try {
    return await party.api((jsm) => jsm.streams.info(stream))
  } catch (error) {
    if (saidBy(error, brokerCodes.streamNotFound)) return undefined
    throw error
  }
}

const settleMs = 1000

/** Says that a stream stood before, and later whether it is still wanted. */
export type Again = () => boolean

/**
 * The stream, made if it is absent. `again`: it was there before and somebody has just deleted it. nats-server 2.9 tells of a deletion
 * before its files are gone, and a stream made meanwhile loses its own with them: so that one is made a second later.
 */
export async function standing(
  party: Party,
  stream: string,
  again: Again | undefined,
  make: () => Promise<StreamInfo>,
): Promise<StreamInfo> {
  const there = await readStream(party, stream)
  if (there !== undefined) return there
  if (again !== undefined) {
    await party.pause(settleMs)
    if (!again()) throw closed()
  }
  return (again && (await readStream(party, stream))) ?? make()
}

/*
One stream a queue: a publish to a queue that is gone then finds nobody listening, and copies are suppressed queue by
queue. Work-queue retention keeps a message until it is acked, whether anybody consumes or not; a full stream refuses.
*/
export async function makeStream(party: Party, queue: string, owner: string | undefined): Promise<StreamInfo> {
  const { names, settings } = party
  const making = randomBytes(6).toString('hex')
  const wanted: Partial<StreamConfig> & { name: string } = {
    name: names.stream(queue),
    description: writeLabel(owner === undefined ? { queue, making } : { queue, making, owner }),
    subjects: owner === undefined ? [names.subject(queue)] : [names.subject(queue), names.mark(queue)],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    duplicate_window: nanos(settings.duplicateWindowMs),
    max_msgs: isShelf(queue) ? -1 : settings.queueMessages,
    max_bytes: isShelf(queue) ? -1 : settings.queueBytes,
  }
  const made = await replicated(party, (count) => add(party, { ...wanted, num_replicas: count }))
  const asked = { ...wanted, num_replicas: party.replicas.count }
  for (const field of [
    'retention',
    'storage',
    'discard',
    'duplicate_window',
    'max_msgs',
    'max_bytes',
    'num_replicas',
  ] as const)
    if (made.config[field] !== asked[field])
      party.warnOnce(
        `The NATS server made a stream with ${field} ${made.config[field]} where ${asked[field]} was asked for.`,
      )
  checkStream(made, queue)
  return made
}

/** Throws invalid-argument for a stream on which messages could be lost. */
export function checkStream({ config }: StreamInfo, queue: string): void {
  const keeps =
    config.retention !== RetentionPolicy.Interest && config.discard === DiscardPolicy.New && config.max_age === 0
  if (keeps && config.storage === StorageType.File) return
  const is = `retention ${config.retention}, discard ${config.discard}, storage ${config.storage}, max_age ${config.max_age}`
  throw new TransportError(
    'invalid-argument',
    `The stream ${config.name} of the queue ${queue} may lose messages: ${is}. It must have work-queue retention, discard new, file storage and no max_age.`,
  )
}

/** Makes the stream, or finds that another has just made it. */
async function add(party: Party, asked: Partial<StreamConfig> & { name: string }): Promise<StreamInfo> {
  try {
    return await party.api((jsm) => jsm.streams.add(asked))
  } catch (error) {
    const there = saidBy(error, brokerCodes.streamExists) ? await readStream(party, asked.name) : undefined
    if (there === undefined) throw error
    return there
  }
}
