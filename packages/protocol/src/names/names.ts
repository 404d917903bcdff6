import { RecordcastError } from '../errors/errors.js'

/** Longest encoded name in bytes: `source/`, a name and an instance fit into the 200 bytes of an address. */
const longestName = 150

/**
 * Encodes any text without half surrogate pairs injectively into letters, digits and `. _ - %`: every other byte of its
 * UTF-8 becomes %XX, as in RFC 3986 but with upper-case hex and no further exceptions. Half a pair becomes U+FFFD first.
 */
export function encodeName(text: string): string {
  // Nearly all names are so: a tenth of what the rest costs, which every delivery would pay.
  if (/^[\w.-]*$/.test(text)) return text
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!~*'()]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Checks a name that a user gives to a service, listener or tenant. Throws invalid-options, naming the option. */
export function checkName(option: string, value: unknown): string {
  const expected = `a text without control characters, of 1 to ${longestName} bytes when all but letters, digits and . _ - count three a byte`
  const fail = (why: string): never => {
    throw new RecordcastError('invalid-options', `${option} ${why}; it must be ${expected}`, {
      path: `/${option}`,
      found: value,
      expected,
    })
  }
  if (typeof value !== 'string') return fail(`is ${value === null ? 'null' : typeof value}, not a text`)
  if (value === '') return fail('is empty')
  if (!value.isWellFormed()) return fail('holds half of a surrogate pair')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(value)) return fail('holds a control character')
  if (encodeName(value).length > longestName) return fail('is too long')
  return value
}

/** `service` or `service.name`: how people and refusals call a listener. */
export function listenerId(service: string, name?: string): string {
  return name === undefined ? service : `${service}.${name}`
}

/** The queue of a listener; with `instance`, the queue of one instance of a `delivery: 'each'` listener. */
export function queueOf(listener: string, instance?: string): string {
  return instance === undefined ? encodeName(listener) : `${encodeName(listener)}@${encodeName(instance)}`
}

/** Where a source instance answers requests. */
export function sourceAddress(service: string, instance: string): string {
  return `source/${encodeName(service)}/${encodeName(instance)}`
}

/** Where all instances of a listener that announce the same subscription set answer requests. */
export function listenerAddress(queue: string, set: string): string {
  return `listener/${queue}/${set}`
}
