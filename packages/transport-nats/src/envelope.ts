import type { Msg, MsgHdrs } from '@nats-io/transport-node'
import type { Message } from '@recordcast/transport'
import { copyOf } from '@recordcast/transport/consume'

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
const opening = `NATS/1.0\r\n${headName}: `
const noHeaders: Message['headers'] = Object.freeze({})

export function seal(head: Head): string {
  return JSON.stringify(head)
}

/** All that the client library asks of headers which it sends. */
class Written {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  encode(): Uint8Array {
    return Buffer.from(this.#text)
  }

  toString(): string {
    return this.#text
  }
}

interface Extra {
  readonly dedupe?: string | undefined
  readonly stream?: string | undefined
  readonly operation?: string | undefined
}

/**
 * The headers of one copy, written out here: the client library would put them together name by name. `dedupe` is the key by which
 * the broker suppresses copies, `stream` where it must land, `operation` what it does to a board.
 */
export function headersOf(sealed: string, { dedupe, stream, operation }: Extra = {}): MsgHdrs {
  let text = `${opening}${sealed}\r\n`
  if (dedupe !== undefined) text += `Nats-Msg-Id: ${dedupe}\r\n`
  if (stream !== undefined) text += `Nats-Expected-Stream: ${stream}\r\n`
  if (operation !== undefined) text += `KV-Operation: ${operation}\r\n`
  text += '\r\n'
  return new Written(text) as unknown as MsgHdrs
}

/**
 * The head of a message: ours stands first among the bytes in front of the body; otherwise the client library looks for it. A message knows
 * its size, although its type does not say so.
 */
export function sealedIn(message: Msg & { size?(): number }): string {
  const { data, subject, reply = '' } = message
  const length = (message.size?.() ?? 0) - subject.length - reply.length - data.length
  if (length > opening.length && length <= data.byteOffset) {
    const block = Buffer.from(data.buffer, data.byteOffset - length, length)
    const end = block.indexOf('\r\n', opening.length)
    if (end > 0 && block.toString('latin1', 0, opening.length) === opening)
      return block.toString('utf8', opening.length, end)
  }
  return message.headers?.get(headName) ?? ''
}

type Rest = { readonly [K in Exclude<keyof Head, 'id' | 'headers'>]: Head[K] | undefined }
/** A head as it was read; without an id it counts as none. */
type Read = Rest & { readonly id: string | undefined; readonly headers: Message['headers'] }
type Opened = Rest & { readonly message: Message }

/** The head and the body, copied. `otherwise` is the id of a message that somebody else has put there. */
export function open(
  message: Pick<Msg, 'headers' | 'data'>,
  otherwise: string,
  sealed: string = message.headers?.get(headName) ?? '',
): Opened {
  const like = readLike(sealed)
  const { id, headers, attempt, due, hop, unanswered, timeoutMs, failed } = like ?? readHead(sealed)
  const own = like === undefined ? id : sealed.slice(beforeId.length, sealed.indexOf('"', beforeId.length))
  const opened = { id: own ?? otherwise, headers, body: copyOf(message.data) }
  return { message: opened, attempt, due, hop, unanswered, timeoutMs, failed }
}

function readHead(sealed: string): Read {
  const read = parseObject(sealed)
  const head = typeof read?.id === 'string' && read.id !== '' ? read : nothing
  const { id, attempt, due, hop, unanswered, timeoutMs, failed } = head
  return {
    id: id as string | undefined,
    headers: readHeaders(head.headers),
    attempt: isCount(attempt) && attempt >= 1 ? attempt : undefined,
    due: typeof due === 'number' ? due : undefined,
    hop: isCount(hop) ? hop : undefined,
    unanswered: isCount(unanswered) ? unanswered : undefined,
    timeoutMs: isCount(timeoutMs) ? timeoutMs : undefined,
    failed: typeof failed === 'string' ? failed : undefined,
  }
}

const beforeId = '{"id":"'
const mostRemembered = 100
const longestRemembered = 256
const remembered = new Map<string, Read>()

/** Most heads differ in nothing but the id, which stands first: what follows it is read once. undefined where a head has to be read by itself. */
function readLike(sealed: string): Read | undefined {
  if (!sealed.startsWith(beforeId)) return undefined
  let end = beforeId.length
  for (let code = sealed.charCodeAt(end); code !== quote; code = sealed.charCodeAt(++end))
    if (!(code >= 0x20) || code === backslash) return undefined
  if (end === beforeId.length || sealed.length - end > longestRemembered) return undefined
  const rest = sealed.slice(end)
  const before = remembered.get(rest)
  if (before !== undefined) return before
  const read = readHead(`${beforeId}x${rest}`)
  // Somebody may have written a second id.
  if (read.id !== 'x') return undefined
  if (remembered.size >= mostRemembered) remembered.clear()
  remembered.set(rest, read)
  return read
}

const [quote, backslash] = [0x22, 0x5c]
const nothing: Readonly<Record<string, unknown>> = {}

function readHeaders(given: unknown): Message['headers'] {
  if (typeof given !== 'object' || given === null) return noHeaders
  const isText = (value: unknown): value is string => typeof value === 'string'
  if (!Array.isArray(given) && Object.values(given).every(isText)) return Object.freeze(given as Message['headers'])
  return Object.freeze(Object.fromEntries(Object.entries(given).filter((entry) => isText(entry[1]))))
}

/** The text as a JSON object; undefined for anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  if (text === '') return undefined
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read)
      ? (read as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
