import {
  boards,
  encodeControl,
  type ListenerFact,
  largestSourceAnnouncement,
  type PauseFact,
  type SourceFact,
} from '@recordcast/protocol/control'
import { newEventId } from '@recordcast/protocol/wire'
import type { Message, Transport } from '@recordcast/transport'
import { listenerKey, readListenerFact, readPauseFact, readSourceFact, sourceKey } from './read-fact.js'

/*
What readers would set aside is refused here, where somebody hears of it. Each announcement has an id of its own, for a broker may
suppress a message whose id it has seen, and the same fact may be put back after it was taken away.
*/

/** Puts a listener's fact on the board, whole. @throws RecordcastError announcement-too-large, announcement-invalid */
export async function announceListener(transport: Transport, fact: ListenerFact): Promise<void> {
  const key = listenerKey(fact)
  const body = encodeControl(fact)
  readListenerFact(key, body)
  await transport.announce(boards.listeners, key, message(body))
}

/** Takes a listener's fact off the board. */
export async function withdrawListener(transport: Transport, fact: Pick<ListenerFact, 'queue' | 'set'>): Promise<void> {
  await transport.announce(boards.listeners, listenerKey(fact), null)
}

/** Puts a source instance's fact on the board. @throws RecordcastError announcement-too-large, announcement-invalid */
export async function announceSource(transport: Transport, fact: SourceFact): Promise<void> {
  const key = sourceKey(fact)
  const body = encodeControl(fact, largestSourceAnnouncement)
  readSourceFact(key, body)
  await transport.announce(boards.sources, key, message(body))
}

/** Takes a source instance's fact off the board. */
export async function withdrawSource(
  transport: Transport,
  fact: Pick<SourceFact, 'service' | 'instance'>,
): Promise<void> {
  await transport.announce(boards.sources, sourceKey(fact), null)
}

/** Pauses a queue: its listener stops consuming it until the pause is withdrawn. @throws RecordcastError announcement-invalid */
export async function announcePause(transport: Transport, fact: PauseFact): Promise<void> {
  const body = encodeControl(fact)
  readPauseFact(fact.queue, body)
  await transport.announce(boards.pauses, fact.queue, message(body))
}

/** Ends the pause of a queue. One that is not paused stays so. */
export async function withdrawPause(transport: Transport, queue: string): Promise<void> {
  await transport.announce(boards.pauses, queue, null)
}

function message(body: Uint8Array): Message {
  return { id: newEventId(), body, headers: { 'content-type': 'application/json' } }
}
