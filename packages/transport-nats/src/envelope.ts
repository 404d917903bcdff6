import { headers, type Msg, type MsgHdrs } from '@nats-io/transport-node'
import type { Message } from '@recordcast/transport'

/*
A message on the wire is its body, untouched, and one header: 'Rc-Head' holds id, headers and what the driver adds, as JSON. JSON keeps
every character, line breaks and lone surrogates included, in one line that NATS can carry. What arrives was written by
anybody: a head that cannot be read counts as none.
*/
export interface Head {
  readonly id: string
  readonly headers: Message['headers']
  /** Of a copy that a retry made: which attempt it is, and when it is due in milliseconds since the epoch. */
  readonly attempt?: number
  readonly due?: number
  /** Of a copy: how many copies came before it, itself included. */
  readonly hop?: number
  /** Only of a copy that was put back: how many deliveries in a row before it ended without a verdict. */
  readonly unanswered?: number
  /** Of a question: how long the asker waits. */
  readonly timeoutMs?: number
  /** Of an answer: that there is none, and why. */
  readonly failed?: string
}

/** What a server's headers and the driver's own may take of the largest payload: the rest is the body's. */
export function roomForBody(maxPayload: number): number {
  return maxPayload - Math.min(128 * 1024, Math.floor(maxPayload / 4))
}

const headName = 'Rc-Head'

export function seal(head: Head): string {
  return JSON.stringify(head)
}

/** The headers of one copy. `dedupe` is the key by which the broker suppresses copies, `stream` where it must land. */
export function headersOf(sealed: string, extra: { readonly dedupe?: string; readonly stream?: string } = {}): MsgHdrs {
  const made = headers()
  made.set(headName, sealed)
  if (extra.dedupe !== undefined) made.set('Nats-Msg-Id', extra.dedupe)
  if (extra.stream !== undefined) made.set('Nats-Expected-Stream', extra.stream)
  return made
}

/** The head and the body, copied. `otherwise` is the id of a message that somebody else has put there. */
export function open(message: Pick<Msg, 'headers' | 'data'>, otherwise: string): Head & { readonly message: Message } {
  const head = readHead(message.headers?.get(headName) ?? '')
  const { id = otherwise, headers: given = Object.freeze({}) } = head ?? {}
  return { ...head, id, headers: given, message: { id, headers: given, body: new Uint8Array(message.data) } }
}

function readHead(text: string): Head | undefined {
  const read = parseObject(text)
  if (read === undefined || typeof read.id !== 'string' || read.id === '') return undefined
  const entries = Object.entries(own(read.headers)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return {
    id: read.id,
    headers: Object.freeze(Object.fromEntries(entries)),
    ...(isCount(read.attempt) && read.attempt >= 1 ? { attempt: read.attempt } : {}),
    ...(isCount(read.hop) ? { hop: read.hop } : {}),
    ...(isCount(read.unanswered) ? { unanswered: read.unanswered } : {}),
    ...(typeof read.due === 'number' ? { due: read.due } : {}),
    ...(isCount(read.timeoutMs) ? { timeoutMs: read.timeoutMs } : {}),
    ...(typeof read.failed === 'string' ? { failed: read.failed } : {}),
  }
}

/** The text as a JSON object with own properties; undefined for anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? own(read) : undefined
  } catch {
    return undefined
  }
}

function own(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.assign(Object.create(null), value) : Object.create(null)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
