import {
  decodeControl,
  type ListenerFact,
  largestSourceAnnouncement,
  listenerFactSchema,
  type PauseFact,
  pauseFactSchema,
  type SourceFact,
  sourceFactSchema,
} from '@recordcast/protocol/control'
import { RecordcastError } from '@recordcast/protocol/errors'
import { encodeName } from '@recordcast/protocol/names'

/** The key under which a listener's fact stands. */
export function listenerKey(fact: Pick<ListenerFact, 'queue' | 'set'>): string {
  return `${fact.queue}/${fact.set}`
}

/** The key under which a source instance's fact stands. */
export function sourceKey(fact: Pick<SourceFact, 'service' | 'instance'>): string {
  return `${encodeName(fact.service)}/${encodeName(fact.instance)}`
}

/** Reads a fact of the board `listeners`. Throws the announcement-* errors. */
export function readListenerFact(key: string, body: Uint8Array): ListenerFact {
  const fact = decodeControl(listenerFactSchema, body)
  return underItsKey(fact, key, listenerKey(fact))
}

/** Reads a fact of the board `sources`. Throws the announcement-* errors. */
export function readSourceFact(key: string, body: Uint8Array): SourceFact {
  const fact = decodeControl(sourceFactSchema, body, largestSourceAnnouncement)
  return underItsKey(fact, key, sourceKey(fact))
}

/** Reads a fact of the board `pauses`, where it stands under its queue. Throws the announcement-* errors. */
export function readPauseFact(key: string, body: Uint8Array): PauseFact {
  const fact = decodeControl(pauseFactSchema, body)
  return underItsKey(fact, key, fact.queue)
}

function underItsKey<F>(fact: F, key: string, expected: string): F {
  if (key === expected) return fact
  throw new RecordcastError('announcement-invalid', 'A fact stands under a key that is not its own', {
    path: '',
    found: key,
    expected,
  })
}
