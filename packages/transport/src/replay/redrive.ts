import type { Message, ParkedMessage } from '../transport.js'

const maxIdBytes = 255
const header = 'redrive-of'

/**
 * A parked message as it is published again: attempt starts at 1, the driver's own headers are off, the header
 * 'redrive-of' names the first id. The id is new, because a broker that suppresses copies would swallow the old one
 * and still confirm it: `<first id>#r<n>`, where n is the moment of parking in milliseconds. Two replays of the same
 * parked copy thus have the same id, so that the second is suppressed where the broker can; copies that share an id
 * are told apart by the moment, and within one millisecond by counting on, which is what `used` remembers.
 */
export function redrive(parked: ParkedMessage, used: Set<string>): Message {
  const { message } = parked
  const first = Object.hasOwn(message.headers, header) ? (message.headers[header] ?? message.id) : message.id
  let moment = Date.parse(parked.parkedAt)
  let id = suffixed(first, moment)
  while (used.has(id)) {
    moment += 1
    id = suffixed(first, moment)
  }
  used.add(id)
  return { id, body: message.body, headers: { ...message.headers, [header]: first } }
}

function suffixed(id: string, n: number): string {
  const suffix = `#r${n}`
  const room = maxIdBytes - suffix.length
  if (Buffer.byteLength(id) <= room) return id + suffix
  let kept = ''
  let bytes = 0
  for (const character of id) {
    bytes += Buffer.byteLength(character)
    if (bytes > room) break
    kept += character
  }
  return kept + suffix
}
