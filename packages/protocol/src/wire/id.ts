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
Ids are made in blocks of 256. The ids of a block have their beginning in common; the last byte counts. Its beginning is random but for the
time and 12 bits behind the time, which count the blocks of one millisecond from a random start. So the ids of one process sort as they
were made: when the clock is set back, or a millisecond's blocks are used up, the time in them goes on from where it was.
(The library makes each id by itself, and takes as long as all else that becomes of an event for one listener.)
*/
const lastBytes = Array.from({ length: 256 }, (_, byte) => hex(byte, 2))
const dice = new Uint32Array(3 * 256)
let thrown = dice.length
let moment = -1
let block = 0
let beginning = ''
let made = lastBytes.length

function next(): string {
  const now = Date.now()
  if (now > moment || made === lastBytes.length) begin(now)
  return beginning + lastBytes[made++]
}

function begin(now: number): void {
  const [one, two, three] = [random32(), random32(), random32()]
  const isNew = now > moment || block === 0xfff
  block = isNew ? one >>> 21 : block + 1
  if (isNew) moment = Math.max(now, moment + 1)
  made = 0
  const time = hex(moment, 12)
  const variant = 0x8000 | (one & 0x3fff)
  beginning = `${time.slice(0, 8)}-${time.slice(8)}-7${hex(block, 3)}-${hex(variant, 4)}-${hex(two, 8)}${hex(three & 0xff, 2)}`
}

function random32(): number {
  if (thrown === dice.length) {
    randomFillSync(dice)
    thrown = 0
  }
  return dice[thrown++]!
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
