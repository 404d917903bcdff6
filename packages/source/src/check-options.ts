import { RecordcastError } from '@recordcast/protocol'
import { checkName } from '@recordcast/protocol/names'
import type { SourceOptions } from './options.js'

/** Checks what createSource was given. @throws RecordcastError invalid-options naming the option */
export function checkOptions(options: SourceOptions): void {
  const invalid = (path: string, found: unknown, expected: string): RecordcastError =>
    new RecordcastError('invalid-options', `createSource: ${path} must be ${expected}`, { path, found, expected })
  checkName('service', options?.service)
  if (typeof options.broker?.transport?.publish !== 'function')
    throw invalid('/broker', options.broker, 'what connect() gave')
  if (!Array.isArray(options.records) || options.records.length === 0) {
    throw invalid('/records', options.records, 'a list of at least one record type')
  }
  const bounds = {
    timeoutMs: options.timeoutMs,
    'maxInFlight/events': options.maxInFlight?.events,
    'maxInFlight/bytes': options.maxInFlight?.bytes,
  }
  for (const [name, value] of Object.entries(bounds)) {
    if (value !== undefined && !(value >= 1)) throw invalid(`/${name}`, value, 'a number of at least 1')
  }
  const { recent = 0, tenancy, decisions = {} } = options
  if (typeof decisions !== 'object' || decisions === null) throw invalid('/decisions', decisions, 'an object')
  const { keep = 0, sample = 1 } = decisions
  for (const [path, value, least] of [
    ['/recent', recent, 0],
    ['/decisions/keep', keep, 0],
    ['/decisions/sample', sample, 1],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least) throw invalid(path, value, `a whole number of at least ${least}`)
  }
  if (tenancy !== undefined && tenancy !== 'required' && tenancy !== 'optional') {
    throw invalid('/tenancy', tenancy, '"required" or "optional"')
  }
}
