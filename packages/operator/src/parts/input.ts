import { RecordcastError } from '@recordcast/protocol/errors'
import type { z } from 'zod'

/** Checks what a caller gives. @throws RecordcastError invalid-request, naming the first place that does not fit */
export function readInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input, { reportInput: true })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = (issue?.path ?? []).map((step) => `/${String(step).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('')
  const expected = issue?.message ?? 'what the operation takes'
  throw new RecordcastError('invalid-request', `The input does not fit${path && ` at "${path}"`}: ${expected}`, {
    path,
    found: issue?.input,
    expected,
  })
}
