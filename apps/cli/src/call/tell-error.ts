import type { ErrorDetails } from '@recordcast/protocol/errors'
import { RecordcastError } from 'recordcast'
import { jsonText } from '../print/json.js'
import { visible } from '../print/text.js'
import { CliError } from './exits.js'
import type { Terminal } from './terminal.js'

interface Told extends Omit<ErrorDetails, 'cause' | 'position'> {
  readonly code: string
  readonly message: string
}

/** An error on stderr: its sentence with its code, what would be right, the nearest names. As JSON in one line, the last one, where programs read. */
export function tellError(terminal: Terminal, error: unknown, options: { json?: boolean; verbose?: boolean }): void {
  const told = toldOf(error)
  if (options.json) {
    terminal.tell(jsonText({ error: told }, 0))
    return
  }
  const { message, code, expected, nearest, reasons } = told
  const lines = [`error: ${message} (${code})`]
  if (expected !== undefined && !message.includes(expected)) lines.push(`  expected: ${expected}`)
  if (nearest !== undefined && nearest.length > 0) lines.push(`  nearest: ${nearest.join(', ')}`)
  // A sentence that lists its reasons needs no second list of them.
  for (const reason of reasons ?? [])
    if (!message.includes(reason.message)) lines.push(`  - ${reason.message} (${reason.code})`)
  if (options.verbose && error instanceof Error && error.stack !== undefined) lines.push(error.stack)
  terminal.tell(
    `${lines
      .flatMap((line) => line.split('\n'))
      .map(visible)
      .join('\n')}\n`,
  )
}

function toldOf(error: unknown): Told {
  const isKnown = error instanceof RecordcastError || error instanceof CliError
  const code = isKnown ? String(error.code) : 'internal-error'
  const message = error instanceof Error ? error.message : String(error)
  if (!isKnown) return { code, message }
  const { path, found, expected, nearest } = error
  const reasons = reasonsOf(error)
  return {
    ...{ code, message },
    ...(path !== undefined && { path }),
    ...(found !== undefined && { found }),
    ...(expected !== undefined && { expected }),
    ...(nearest !== undefined && { nearest }),
    ...(reasons.length > 0 && { reasons }),
  }
}

/** An emit that failed in part is an AggregateError: each of its errors names a queue. */
function reasonsOf(error: RecordcastError | CliError): NonNullable<ErrorDetails['reasons']> {
  if (error instanceof AggregateError) {
    return error.errors.map((each: unknown) => {
      const { message, code } = toldOf(each)
      return { message, code: code as RecordcastError['code'] }
    })
  }
  return ('reasons' in error && error.reasons) || []
}
