import type { ParkedMessage } from '@recordcast/transport'
import type { z } from 'zod'
import type { shapes } from '../shapes/index.js'
import { codeOf } from './read-parked.js'

/** Which messages somebody means. */
export function selector(which: z.infer<typeof shapes.which>): (parked: ParkedMessage) => boolean {
  if ('all' in which) return () => true
  if ('code' in which) return (parked) => codeOf(parked) === which.code
  const ids = new Set(which.ids)
  return ({ message }) => ids.has(message.id)
}
