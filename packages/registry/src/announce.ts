import {
  boards,
  encodeControl,
  type ListenerFact,
  largestSourceAnnouncement,
  type SourceFact,
} from '@recordcast/protocol/control'
import type { Message, Transport } from '@recordcast/transport'
import { listenerKey, sourceKey } from './read-fact.js'

/** Puts a listener's fact on the board, whole. @throws RecordcastError announcement-too-large */
export async function announceListener(transport: Transport, fact: ListenerFact): Promise<void> {
  const key = listenerKey(fact)
  await transport.announce(boards.listeners, key, message(key, encodeControl(fact)))
}

/** Takes a listener's fact off the board. */
export async function withdrawListener(transport: Transport, fact: Pick<ListenerFact, 'queue' | 'set'>): Promise<void> {
  await transport.announce(boards.listeners, listenerKey(fact), null)
}

/** Puts a source instance's fact on the board. @throws RecordcastError announcement-too-large */
export async function announceSource(transport: Transport, fact: SourceFact): Promise<void> {
  const key = sourceKey(fact)
  await transport.announce(boards.sources, key, message(key, encodeControl(fact, largestSourceAnnouncement)))
}

/** Takes a source instance's fact off the board. */
export async function withdrawSource(
  transport: Transport,
  fact: Pick<SourceFact, 'service' | 'instance'>,
): Promise<void> {
  await transport.announce(boards.sources, sourceKey(fact), null)
}

function message(id: string, body: Uint8Array): Message {
  return { id: id.slice(-200), body, headers: { 'content-type': 'application/json' } }
}
