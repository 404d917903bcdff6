import { randomUUID } from 'node:crypto'
import type { Message } from '@recordcast/transport'
import type { Message as Received } from 'amqplib'
import type { Parcel } from '../publish/parcel.js'
import { bufferOf, copied, headerOf, messageOf, propertiesOf } from '../wire.js'

/*
What stands in a board's stream. 'fact' and 'gone' are what was announced. 'mark' means nothing but its place: who reads
up to one of its own has read all that was there before. 'seal' ends a stream; the next generation goes on. 'copy' is a
fact carried over from the generation before, weaker than anything announced in this one.
*/
export type Entry =
  | { readonly type: 'fact' | 'copy'; readonly token: string; readonly key: string; readonly fact: Message }
  | { readonly type: 'gone'; readonly token: string; readonly key: string }
  | { readonly type: 'mark' | 'seal'; readonly token: string }

const typeHeader = 'rc-entry'
const tokenHeader = 'rc-token'
const keyHeader = 'rc-key'

export function newToken(): string {
  return randomUUID()
}

export function parcelOf(stream: string, entry: Entry): Parcel {
  const message = 'fact' in entry ? entry.fact : { id: entry.type, body: new Uint8Array(), headers: {} }
  const { headers, ...rest } = propertiesOf(message)
  const own: Record<string, unknown> = { ...headers, [typeHeader]: entry.type, [tokenHeader]: entry.token }
  if ('key' in entry) own[keyHeader] = entry.key
  return { exchange: '', routingKey: stream, body: bufferOf(message), options: { ...rest, headers: own } }
}

/** undefined for what is no entry, whoever wrote it. */
export function entryOf(received: Received): Entry | undefined {
  const { properties } = received
  const type = headerOf(properties, typeHeader)
  const token = headerOf(properties, tokenHeader)
  const key = headerOf(properties, keyHeader)
  if (typeof token !== 'string') return undefined
  if (type === 'mark' || type === 'seal') return { type, token }
  if (typeof key !== 'string') return undefined
  if (type === 'fact' || type === 'copy') return { type, token, key, fact: copied(messageOf(received)) }
  return type === 'gone' ? { type, token, key } : undefined
}
