import type { StreamInfo } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import { TransportError } from '@recordcast/transport'
import { escapeName, unescapeName } from '../names.js'
import type { Party } from '../party.js'
import { replicated } from '../queue/replicas.js'
import { type Again, readStream, standing } from '../queue/stream.js'

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

/** The board's stream, made if it is absent. `again`: it stood before. */
export async function ensureBoard(party: Party, board: string, again?: Again): Promise<StreamInfo> {
  const { bucket, stream } = placeOfBoard(party, board)
  return standing(party, stream, again, async () => {
    await make(party, bucket, stream, board)
    const made = await readStream(party, stream)
    if (made !== undefined) return made
    throw new TransportError('not-confirmed', `The board ${board} went as soon as it was made.`)
  })
}

async function make(party: Party, bucket: string, stream: string, board: string): Promise<void> {
  const create = (replicas: number) =>
    party.link.during(() => new Kvm(party.link.nc).create(bucket, { history: 1, replicas, description: board }))
  try {
    await replicated(party, create)
  } catch (error) {
    // Another may have made it at the same instant.
    if (!(await readStream(party, stream))) throw error
  }
}
