const v4 = /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/
const v6 = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/

/**
 * The digits of an address: 8 for IPv4, 32 for IPv6, hexadecimal, upper case; undefined when the text is no address.
 * As in Java's InetAddress: leading zeros are decimal, an IPv4 address mapped into IPv6 is that IPv4 address, and
 * dots within IPv6 are not taken.
 */
export function ipDigits(text: string): string | undefined {
  if (text.length < 2 || text.length > 64) return undefined
  if (v4.test(text)) return digitsOfV4(text)
  return v6.test(text) ? digitsOfV6(text) : undefined
}

function digitsOfV4(text: string): string | undefined {
  if (text.length > 15) return undefined
  const bytes = text.split('.').map(Number)
  if (bytes.some((byte) => byte > 255)) return undefined
  return bytes.map((byte) => hex(byte, 2)).join('')
}

function digitsOfV6(text: string): string | undefined {
  const gap = text.indexOf('::')
  if (gap !== text.lastIndexOf('::')) return undefined
  const head = groups(gap < 0 ? text : text.slice(0, gap))
  const tail = groups(gap < 0 ? '' : text.slice(gap + 2))
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (gap < 0 ? missing !== 0 : missing < 1) return undefined
  const all = [...head, ...Array<number>(missing).fill(0), ...tail]
  const digits = all.map((group) => hex(group, 4)).join('')
  return digits.startsWith(mappedV4) ? digits.slice(mappedV4.length) : digits
}

const mappedV4 = `${'0'.repeat(20)}FFFF`

function groups(text: string): number[] | undefined {
  if (text === '') return []
  const read = text.split(':').map((group) => (group === '' ? Number.NaN : Number.parseInt(group, 16)))
  return read.every((group) => group <= 0xffff) ? read : undefined
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0')
}
