import {
  boards,
  encodeControl,
  type ListenerFact,
  largestSourceAnnouncement,
  type SourceFact,
} from '@recordcast/protocol/control'
import { newEventId } from '@recordcast/protocol/wire'
import type { Message, Transport } from '@recordcast/transport'
import { listenerKey, readListenerFact, readSourceFact, sourceKey } from './read-fact.js'

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

function message(body: Uint8Array): Message {
  return { id: newEventId(), body, headers: { 'content-type': 'application/json' } }
}
