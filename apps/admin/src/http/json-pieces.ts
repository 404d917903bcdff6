import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/*
An answer about ten thousand listeners is megabytes of JSON; written in one go it would hold up everybody else. So what is large is written piece by piece, as fast as the
one who asked takes it.
*/

/** From so many entries on, in all that is looked at, a value is large. */
const large = 2000
/** Up to so many it is written in one go. */
const small = 50
const pieceLength = 64 * 1024

/** Sends a value as JSON: at once, or in pieces if it is large. */
export function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  reply.type('application/json; charset=utf-8')
  return isLargerThan(value, large)
    ? reply.send(Readable.from(piecesOf(value), { objectMode: false }))
    : reply.send(value)
}

/** The text that JSON.stringify would give, in pieces. Of plain values: what has a toJSON is none here. */
export function* piecesOf(value: unknown): Generator<string> {
  let piece = ''
  for (const text of textsOf(value)) {
    piece += text
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

function* textsOf(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null || !isLargerThan(value, small)) {
    yield JSON.stringify(value) ?? 'null'
    return
  }
  let isFirst = true
  if (Array.isArray(value)) {
    yield '['
    for (const each of value) {
      if (!isFirst) yield ','
      isFirst = false
      yield* textsOf(each)
    }
    yield ']'
    return
  }
  yield '{'
  for (const [key, each] of Object.entries(value)) {
    if (each === undefined) continue
    yield `${isFirst ? '' : ','}${JSON.stringify(key)}:`
    isFirst = false
    yield* textsOf(each)
  }
  yield '}'
}

/** Whether it has more entries than so many, those of its entries included. */
function isLargerThan(value: unknown, most: number): boolean {
  let seen = 0
  const look = (at: unknown): void => {
    if (typeof at !== 'object' || at === null) return
    for (const key in at) {
      if (++seen > most) return
      look((at as Record<string, unknown>)[key])
    }
  }
  look(value)
  return seen > most
}
