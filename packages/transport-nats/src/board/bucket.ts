import type { StreamInfo } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import { TransportError } from '@recordcast/transport'
import { escapeName, unescapeName } from '../names.js'
import type { Party } from '../party.js'
import { readStream } from '../queue/stream.js'

/** Where a board is: a KV bucket, which is a stream with one message a subject. */
export function placeOfBoard(party: Party, board: string) {
  const bucket = party.names.bucket(board)
  return { bucket, stream: `KV_${bucket}`, all: `$KV.${bucket}.>`, prefix: `$KV.${bucket}.` }
}

export function subjectOfKey(party: Party, board: string, key: string): string {
  return placeOfBoard(party, board).prefix + escapeName(key)
}

/** Undefined for a subject that is no key of ours. */
export function keyOfSubject(prefix: string, subject: string): string | undefined {
  return subject.startsWith(prefix) ? unescapeName(subject.slice(prefix.length)) : undefined
}

/** The board's stream, made if it is absent. */
export async function ensureBoard(party: Party, board: string): Promise<StreamInfo> {
  const { bucket, stream } = placeOfBoard(party, board)
  const there = await readStream(party, stream)
  if (there !== undefined) return there
  const { replicas } = party
  const make = () => new Kvm(party.link.nc).create(bucket, { history: 1, replicas: replicas.count, description: board })
  try {
    await party.link.during(make)
  } catch (error) {
    // Another may have made it at the same instant; fewer servers than replicas is the other honest reason.
    if (await readStream(party, stream)) return ensureBoard(party, board)
    if (replicas.asked || replicas.count === 1) throw error
    replicas.count = 1
    await party.link.during(make)
  }
  const made = await readStream(party, stream)
  if (made === undefined) throw new TransportError('not-confirmed', `The board ${board} went as soon as it was made.`)
  return made
}
