import type { Message } from '@recordcast/transport'
import { copyOf } from '@recordcast/transport/consume'
import type { Options, Message as Received } from 'amqplib'
import { Letter } from './publish/letter.js'

/*
A message on the wire. The id is the AMQP message id, the body the content. The headers travel as one text in the form
of a URL's query: in AMQP's own table a name is at most 255 bytes and may meet the broker's ('x-death'), streams drop
lists and tables, and amqplib writes no more than 64 KiB, which 16 KiB never exceed in that form.
Whatever arrives was written by anybody: what is not as it should be is left out, never trusted.
*/

const textHeader = 'rc-headers'
const attemptHeader = 'rc-attempt'
const seenHeader = 'rc-seen'
const dueHeader = 'rc-due'
const hopHeader = 'rc-hop'
const unansweredHeader = 'rc-unanswered'
/** The broker's own, on quorum queues: deliveries before this one that ended without an ack. */
const countHeader = 'x-delivery-count'

/** What the driver itself adds to a copy that goes round. */
export interface Marks {
  /** 1 + the retries counted so far. */
  readonly attempt: number
  /** Whether a handler may have seen it. */
  readonly seen: boolean
  /** Not to be delivered before that moment, in milliseconds since the epoch. */
  readonly dueAt?: number | undefined
  /** Deliveries in a row that ended without a verdict; undefined where nobody has counted them. */
  readonly unanswered?: number | undefined
  /** How many copies came before it: 0 for what was published. */
  readonly hop: number
}

/** A message as frames: what propertiesOf says without marks, and the body, copied. undefined where amqplib is to write it. */
export function letterOf({ id, headers, body }: Message): Letter | undefined {
  const text = textOf(headers)
  return Letter.of(id, text === '' ? undefined : [textHeader, text], body)
}

/** The properties of a message; persistent, because AMQP's default is not. */
export function propertiesOf(
  { id, headers }: Omit<Message, 'body'> & Partial<Message>,
  marks?: Marks,
): Options.Publish & { headers: object } {
  const text = textOf(headers)
  const own: Record<string, unknown> = text === '' ? {} : { [textHeader]: text }
  if (marks !== undefined) {
    own[attemptHeader] = marks.attempt
    own[hopHeader] = marks.hop
    if (marks.seen) own[seenHeader] = true
    if (marks.unanswered !== undefined) own[unansweredHeader] = marks.unanswered
    if (marks.dueAt !== undefined) own[dueHeader] = String(Math.ceil(marks.dueAt))
  }
  return { messageId: id, persistent: true, headers: own }
}

/** Undefined for what somebody else has put there without an id. */
export function idOf({ properties }: Pick<Received, 'properties'>): string | undefined {
  const { messageId } = properties
  return typeof messageId === 'string' && messageId !== '' ? messageId : undefined
}

/** The message as it was published; its body is a view of what arrived, unless another is given. */
export function messageOf(received: Received, body: Uint8Array = received.content): Message {
  const { properties } = received
  return { id: idOf(received) ?? 'unknown', body, headers: readHeaders(headerOf(properties, textHeader)) }
}

/** The message with a body of the receiver's own. */
export function copied({ id, body, headers }: Message): Message {
  return { id, body: copyOf(body), headers }
}

export function marksOf({ properties, fields }: Received): Marks {
  const counted = Math.max(1, countOf(properties, attemptHeader) ?? 1)
  const carried = countOf(properties, unansweredHeader) ?? 0
  // Classic queues tell that a message has been out before, but not how often.
  const here = countOf(properties, countHeader) ?? (fields.redelivered ? undefined : 0)
  const due = Number(headerOf(properties, dueHeader))
  return {
    attempt: counted,
    seen: fields.redelivered || counted > 1 || headerOf(properties, seenHeader) === true,
    dueAt: Number.isFinite(due) && due > 0 ? due : undefined,
    unanswered: here === undefined ? undefined : carried + here,
    hop: countOf(properties, hopHeader) ?? 0,
  }
}

function countOf(properties: Received['properties'], name: string): number | undefined {
  const count = headerOf(properties, name)
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined
}

/** An own header, whatever it holds. */
export function headerOf(properties: Received['properties'], name: string): unknown {
  const headers: unknown = properties.headers
  if (typeof headers !== 'object' || headers === null || !Object.hasOwn(headers, name)) return undefined
  return (headers as Record<string, unknown>)[name]
}

export function bufferOf({ body }: Message): Buffer {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}

const texts = new WeakMap<Message['headers'], string>()

/** Most messages have the headers of many others: those that cannot change are written once. */
function textOf(headers: Message['headers']): string {
  const before = texts.get(headers)
  if (before !== undefined) return before
  let text = ''
  for (const name of Object.keys(headers))
    text += `${text && '&'}${encodeURIComponent(name)}=${encodeURIComponent(headers[name]!.toWellFormed())}`
  if (Object.isFrozen(headers)) texts.set(headers, text)
  return text
}

const noHeaders: Message['headers'] = Object.freeze({})
const mostRemembered = 100
const longestRemembered = 256
const remembered = new Map<string, Message['headers']>()

/** Most messages have the headers of many others, and nobody can write to them: those are read once. */
function readHeaders(text: unknown): Message['headers'] {
  if (typeof text !== 'string') return noHeaders
  const before = remembered.get(text)
  if (before !== undefined) return before
  const headers = Object.freeze(Object.fromEntries(new URLSearchParams(text)))
  if (text.length > longestRemembered) return headers
  if (remembered.size >= mostRemembered) remembered.clear()
  remembered.set(text, headers)
  return headers
}
