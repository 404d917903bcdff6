import type { Scalar } from '../pattern.js'
import { ipDigits } from './ip-address.js'
import type { DigitRange } from './wanted.js'

/*
Addresses are compared digit by digit, as event-ruler does: as soon as the digits read so far lie strictly between both
ends, the value is in the range, however many digits follow. Hence two oddities that are kept: an address of one version
may fall into a block of the other when its leading digits do, and a number is read by its decimal text, as if that were
an address, where nothing else in the same list compares numbers.
*/

/** The block written in CIDR notation, or what is wrong with it. */
export function parseCidr(text: string): DigitRange | { readonly expected: string } {
  const parts = text.replace(/\/+$/, '').split('/')
  const [address = '', mask = ''] = parts
  if (parts.length !== 2) return { expected: 'an address, a slash and the number of fixed bits: "10.0.0.0/8"' }
  const digits = ipDigits(address)
  if (digits === undefined) return { expected: 'an IPv4 or IPv6 address before the slash' }
  const most = digits.length * 4 - 1
  const bits = /^[+-]?[0-9]{1,9}$/.test(mask) ? Number(mask) : -1
  if (bits < 0 || bits > most) return { expected: `a whole number of fixed bits from 0 to ${most} after the slash` }
  return { low: fill(digits, bits, 0), high: fill(digits, bits, 1) }
}

/** Every bit after the first `bits` set to `bit`. */
function fill(digits: string, bits: number, bit: 0 | 1): string {
  let filled = ''
  for (let at = 0; at < digits.length; at++) {
    const free = Math.min(4, Math.max(0, (at + 1) * 4 - bits))
    const mask = (1 << free) - 1
    const digit = Number.parseInt(digits[at] ?? '0', 16)
    filled += (bit === 1 ? digit | mask : digit & ~mask).toString(16).toUpperCase()
  }
  return filled
}

/** The digits by which a value is compared with address ranges; undefined when it cannot lie in any. */
export function digitsOf(value: Scalar): string | undefined {
  if (typeof value === 'string') return ipDigits(value)
  return typeof value === 'number' ? String(value) : undefined
}

export function isWithin(range: DigitRange, digits: string): boolean {
  const { low, high } = range
  let onLow = true
  let onHigh = true
  for (let at = 0; at < low.length; at++) {
    const digit = digits.charCodeAt(at)
    if (!isHexDigit(digit)) return false
    const bottom: number = onLow ? low.charCodeAt(at) : zero - 1
    const top: number = onHigh ? high.charCodeAt(at) : letterF + 1
    if (digit < bottom || digit > top) return false
    onLow = digit === bottom
    onHigh = digit === top
    if (!onLow && !onHigh) return true
  }
  return true
}

const zero = 0x30
const nine = 0x39
const letterA = 0x41
const letterF = 0x46

function isHexDigit(code: number): boolean {
  return (code >= zero && code <= nine) || (code >= letterA && code <= letterF)
}
