import { shelfOf } from '@recordcast/transport'
import { brokerCodes, saidBy } from '../link/errors.js'
import type { Party } from '../party.js'

/** Deletes the queue and its shelf. What is absent is nothing to do. */
export async function drop(party: Party, queue: string): Promise<void> {
  for (const each of [queue, shelfOf(queue)]) await deleteStream(party, party.names.stream(each))
  party.instances.delete(queue)
}

export async function deleteStream(party: Party, stream: string): Promise<void> {
  try {
    await party.api((jsm) => jsm.streams.delete(stream))
  } catch (error) {
    if (!saidBy(error, brokerCodes.streamNotFound)) throw error
  }
}
