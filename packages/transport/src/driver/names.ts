import { TransportError } from '../errors.js'

const limits = { queue: 200, shelf: 200, board: 200, address: 200, key: 255, 'message id': 255 } as const

const unprintable = /[\p{Cc}\p{Cs}]/u
const shelfSuffix = '!parked'

/**
 * Throws invalid-argument unless `name` can be carried by every driver.
 * `kind` 'shelf' stands for a queue or the shelf of one; 'queue' takes no shelf.
 */
export function checkName(kind: keyof typeof limits, name: unknown): asserts name is string {
  if (typeof name !== 'string') throw invalid(`A ${kind} must be text, not ${typeof name}.`)
  const bare = kind === 'shelf' && name.endsWith(shelfSuffix) ? name.slice(0, -shelfSuffix.length) : name
  if (bare === '') throw invalid(`A ${kind} must not be empty.`)
  const limit = limits[kind]
  if (bare.length > limit || (bare.length * 3 > limit && Buffer.byteLength(bare) > limit))
    throw invalid(`A ${kind} is at most ${limit} bytes of UTF-8; ${shown(bare)} is longer.`)
  if (!isPlain(bare) && unprintable.test(bare))
    throw invalid(`A ${kind} has no control characters; ${shown(bare)} has one.`)
  if ((kind === 'queue' || kind === 'shelf') && bare.includes('!'))
    throw invalid(`A queue given from above has no '!'; ${shown(name)} has one.`)
}

/** Whether all characters are printable ASCII, as nearly always: a third of what the expression costs. */
function isPlain(name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at)
    if (code < 0x20 || code > 0x7e) return false
  }
  return true
}

export function invalid(sentence: string): TransportError {
  return new TransportError('invalid-argument', sentence)
}

/** A name as an error shows it. */
export function shown(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name)
}
