import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

/**
 * A new event id: UUIDv7 (RFC 9562), so that ids sort by time.
 *
 * @param now milliseconds since the epoch; with `random` it makes ids reproducible in simulations
 * @param random gives numbers from 0 inclusive to 1 exclusive
 */
export function newEventId(now?: number, random?: () => number): string {
  if (now === undefined || random === undefined) return next()
  return v7({ msecs: now, random: Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256)) })
}

/*
Ids are made in blocks of 256 of one millisecond. A block has its beginning in common, random but for the time; the last byte counts. Further blocks
of the same millisecond count on in the 12 bits behind the time, from a random start, so that the ids of one process sort as they were made.
*/
const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const dice = new Uint32Array(768)
let thrown = dice.length
let beginning = ''
let count = bytes.length
let block = 0
let madeAt = -1

function next(): string {
  const now = Date.now()
  if (now !== madeAt || count === bytes.length) begin(now)
  return beginning + bytes[count++]
}

function begin(now: number): void {
  if (thrown === dice.length) {
    randomFillSync(dice)
    thrown = 0
  }
  const [one, two, three] = [dice[thrown]!, dice[thrown + 1]!, dice[thrown + 2]!]
  thrown += 3
  block = now === madeAt && block < 0xfff ? block + 1 : one >>> 21
  madeAt = now
  count = 0
  const time = hex(now, 12)
  const variant = 0x8000 | (one & 0x3fff)
  beginning = `${time.slice(0, 8)}-${time.slice(8)}-7${hex(block, 3)}-${hex(variant, 4)}-${hex(two, 8)}${hex(three & 0xff, 2)}`
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
