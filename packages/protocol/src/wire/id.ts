import { v7 } from 'uuid'

/**
 * A new event id: UUIDv7 (RFC 9562), so that ids sort by time.
 *
 * @param now milliseconds since the epoch; with `random` it makes ids reproducible in simulations
 * @param random gives numbers from 0 inclusive to 1 exclusive
 */
export function newEventId(now?: number, random?: () => number): string {
  if (now === undefined || random === undefined) return v7()
  return v7({ msecs: now, random: Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256)) })
}
