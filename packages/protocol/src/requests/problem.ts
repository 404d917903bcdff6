import { z } from 'zod'
import { text } from '../control/parts.js'

/** Longer than what is written (see toProblem): a reason must not be lost to its own length. */
export const told = z.string().max(8192)

export const problem = z.object({
  code: text(64),
  message: told,
  path: told.optional(),
  found: told.optional(),
  expected: told.optional(),
  nearest: z.array(told).max(64).optional(),
})
