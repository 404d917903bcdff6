import { type ParkedMessage, type QueueReport, shelfOf } from '@recordcast/transport'
import { unshelve } from '@recordcast/transport/driver'
import { open } from '../envelope.js'
import { brokerCodes, isNobody, isTimeout, saidBy } from '../link/errors.js'
import { isShelf } from '../names.js'
import type { Party } from '../party.js'
import { durableOf, readDurable } from './durable.js'
import { readLabel } from './label.js'
import { readStream } from './stream.js'

const attendanceTimeoutMs = 2000

/** Counts without consuming. JetStream counts a retry that waits among the unsettled, so `ready` leaves it out. */
export async function inspect(party: Party, queue: string, peekParked: number): Promise<QueueReport | undefined> {
  const stream = party.names.stream(queue)
  const shelf = isShelf(queue) ? undefined : party.names.stream(shelfOf(queue))
  const [info, shelved, attended] = await Promise.all([
    readStream(party, stream),
    shelf === undefined ? undefined : readStream(party, shelf),
    isAttended(party, queue),
  ])
  if (info === undefined) return undefined
  const label = readLabel(info)
  const consumer = label && (await readDurable(party, stream, durableOf(label)))
  const unsettled = consumer?.num_ack_pending ?? 0
  return {
    ready: consumer?.num_pending ?? info.state.messages,
    unsettled,
    parked: shelved?.state.messages ?? 0,
    attended,
    peeked:
      shelved === undefined
        ? []
        : await peek(party, shelved.config.name, shelved.state.first_seq, peekParked, shelfOf(queue)),
  }
}

/** Reads the oldest messages of a shelf where they lie. */
async function peek(
  party: Party,
  stream: string,
  first: number,
  count: number,
  shelf: string,
): Promise<ParkedMessage[]> {
  const peeked: ParkedMessage[] = []
  const next_by_subj = party.names.subject(shelf)
  for (let seq = first; peeked.length < count; ) {
    const stored = await nextOf(party, stream, { seq, next_by_subj })
    if (stored === undefined) break
    peeked.push(unshelve(open({ headers: stored.header, data: stored.data }, `${stored.seq}`).message))
    seq = stored.seq + 1
  }
  return peeked
}

async function nextOf(party: Party, stream: string, query: { seq: number; next_by_subj: string }) {
  try {
    return (await party.api((jsm) => jsm.streams.getMessage(stream, query))) ?? undefined
  } catch (error) {
    if (saidBy(error, brokerCodes.noMessage, brokerCodes.streamNotFound)) return undefined
    throw error
  }
}

/** Who consumes a queue answers at its attendance; a frozen one does not, but stands there. */
async function isAttended(party: Party, queue: string): Promise<boolean> {
  try {
    await party.link.request(party.names.attendance(queue), '', attendanceTimeoutMs)
    return true
  } catch (error) {
    if (isNobody(error)) return false
    if (isTimeout(error)) return true
    throw error
  }
}
