/**
 * What a proxy does to the bytes that it is given:
 * - 'pass': hands them on
 * - 'drop': swallows them in both directions and closes nothing: a half-open link
 * - 'lose-confirms': swallows what the server says; the client is heard
 * - 'lose-requests': swallows what the client says; the server is heard
 * - 'reset': ends open and new connections with RST
 * - delayMs: hands them on that much later, each way; order is kept
 * - cutAfterBytes: hands on so many more bytes of each connection, both ways together, then closes it on both sides
 */
export type ProxyMode =
  | 'pass'
  | 'drop'
  | 'lose-confirms'
  | 'lose-requests'
  | 'reset'
  | { readonly delayMs: number }
  | { readonly cutAfterBytes: number }

export interface ProxyCounts {
  /** Accepted since the start, those that were reset at once included. */
  readonly connections: number
  readonly open: number
  /** Bytes handed on. */
  readonly toServer: number
  readonly toClient: number
  /** Bytes that a mode kept from either side. */
  readonly swallowed: number
}

export type Direction = 'toServer' | 'toClient'

/** Whether a mode keeps everything from going in a direction. */
export function swallows(mode: ProxyMode, direction: Direction): boolean {
  if (mode === 'drop') return true
  return mode === (direction === 'toServer' ? 'lose-requests' : 'lose-confirms')
}

export const delayOf = (mode: ProxyMode): number => (typeof mode === 'object' && 'delayMs' in mode ? mode.delayMs : 0)

/** How many bytes a connection has left under a mode. */
export const budgetOf = (mode: ProxyMode): number =>
  typeof mode === 'object' && 'cutAfterBytes' in mode ? mode.cutAfterBytes : Number.POSITIVE_INFINITY
