import { describe } from './describe.js'
import { type ErrorCode, RecordcastError } from './errors.js'

/** One reason in a refusal, as it travels over the bus: plain JSON, no stack. */
export interface Problem {
  readonly code: ErrorCode
  readonly message: string
  readonly path?: string
  readonly found?: string
  readonly expected?: string
  readonly nearest?: readonly string[]
}

/** Longest text of a problem in UTF-16 units. Readers on the bus take four times as much. */
const longest = 2048

/** The part of an error that may travel over the bus. Takes whatever was thrown; never throws itself. */
export function toProblem(error: unknown): Problem {
  try {
    if (error instanceof RecordcastError && typeof error.code === 'string') return problemOf(error)
    const message = error instanceof Error ? error.message : undefined
    return {
      code: 'handler-failed',
      message: typeof message === 'string' ? message.slice(0, longest) : describe(error),
    }
  } catch {
    return { code: 'handler-failed', message: describe(error) }
  }
}

function problemOf({ code, message, path, found, expected, nearest }: RecordcastError): Problem {
  return {
    code,
    message: message.slice(0, longest),
    ...(path !== undefined && { path: path.slice(0, longest) }),
    ...(found !== undefined && { found: found.slice(0, longest) }),
    ...(expected !== undefined && { expected: expected.slice(0, longest) }),
    ...(nearest !== undefined && { nearest: nearest.slice(0, 8).map((name) => name.slice(0, longest)) }),
  }
}
