import type { StreamInfo } from '@nats-io/jetstream'
import { parseObject } from '../envelope.js'

/** What a stream's description says of it, because names do not fit and servers before 2.10 keep no metadata. */
export interface Label {
  /** The queue, or the shelf, by its own name. */
  readonly queue: string
  /** Drawn anew whenever the stream is made: what belongs to an earlier one of the same name must not touch this one. */
  readonly making: string
  /** The transport with which an instance queue and its shelf end. */
  readonly owner?: string
}

export function writeLabel({ queue, making, owner }: Label): string {
  return JSON.stringify({ recordcast: 1, queue, making, ...(owner === undefined ? {} : { owner }) })
}

/** Undefined for a stream that somebody else has made. */
export function readLabel({ config }: StreamInfo): Label | undefined {
  const read = parseObject(config.description ?? '')
  if (read?.recordcast !== 1) return undefined
  const { queue, making, owner } = read
  if (typeof queue !== 'string' || typeof making !== 'string' || !/^[a-z0-9]{1,32}$/.test(making)) return undefined
  return typeof owner === 'string' ? { queue, making, owner } : { queue, making }
}
