import type { Message, ParkedMessage } from '../transport.js'

const longestWhy = 1000
const ours = 'rc-'

/** The copy that goes to the shelf: why, attempt and time travel as the headers 'rc-why', 'rc-attempt', 'rc-parked-at'. */
export function shelve(parked: ParkedMessage): Message {
  const { message, why, attempt, parkedAt } = parked
  const marks = { 'rc-why': cut(why), 'rc-attempt': String(attempt), 'rc-parked-at': parkedAt }
  return { id: message.id, body: message.body, headers: Object.freeze({ ...message.headers, ...marks }) }
}

/** Reads back what `shelve` wrote. Marks that are absent or spoilt become '', 1 and the epoch. */
export function unshelve(message: Message): ParkedMessage {
  const { headers } = message
  const mark = (name: string): string => (Object.hasOwn(headers, name) ? (headers[name] ?? '') : '')
  const attempt = Number(mark('rc-attempt'))
  const parkedAt = mark('rc-parked-at')
  return {
    message: { id: message.id, body: message.body, headers: withoutMarks(headers) },
    why: mark('rc-why'),
    attempt: Number.isSafeInteger(attempt) && attempt >= 1 ? attempt : 1,
    parkedAt: Number.isNaN(Date.parse(parkedAt)) ? new Date(0).toISOString() : parkedAt,
  }
}

function withoutMarks(headers: Message['headers']): Message['headers'] {
  return Object.freeze(Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(ours))))
}

function cut(why: string): string {
  if (why.length <= longestWhy) return why
  const end = why.charCodeAt(longestWhy - 1) >> 10 === 0x36 ? longestWhy - 1 : longestWhy
  return why.slice(0, end)
}
