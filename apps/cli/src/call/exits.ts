import { RecordcastError } from 'recordcast'

/** What a run ends with. Documented in docs/operating.md; scripts branch on it. */
export const exits = {
  ok: 0,
  /** What was looked for was found (a listener breaks, lint complains), or what was asked for failed. */
  finding: 1,
  /** The arguments, or a document that they name, cannot be what was meant. */
  usage: 2,
  /** There is no broker there, or it does not answer in time. */
  away: 3,
  /** No listener, source, record type or message has the name that was given. */
  unknown: 4,
  interrupted: 130,
} as const

const byCode: Readonly<Record<string, number>> = {
  'connection-lost': exits.away,
  'transport-closed': exits.away,
  'not-confirmed': exits.away,
  'broker-away': exits.away,
  'driver-missing': exits.usage,
  'unknown-scheme': exits.usage,
  'invalid-options': exits.usage,
  'invalid-request': exits.usage,
  'invalid-argument': exits.usage,
  'invalid-event': exits.usage,
  'invalid-pattern': exits.usage,
  'pattern-too-complex': exits.usage,
  'too-many-expressions': exits.usage,
  'confirmation-required': exits.usage,
  usage: exits.usage,
  'unknown-listener': exits.unknown,
  'unknown-source': exits.unknown,
  'unknown-record-type': exits.unknown,
  'unknown-event-type': exits.unknown,
  'unknown-attribute': exits.unknown,
  'unknown-message': exits.unknown,
  interrupted: exits.interrupted,
}

/** The exit code of an error. */
export function exitOf(error: unknown): number {
  const code = error instanceof RecordcastError || error instanceof CliError ? String(error.code) : ''
  if (code === 'subscription-refused') return isUnknown(error) ? exits.unknown : exits.finding
  if (code.startsWith('expression-')) return exits.usage
  return (Object.hasOwn(byCode, code) ? byCode[code] : undefined) ?? exits.finding
}

/** A subscription is refused for several reasons; most often for a name that does not exist. */
function isUnknown(error: unknown): boolean {
  const { reasons = [] } = error as RecordcastError
  return reasons.length > 0 && reasons.every(({ code }) => code.startsWith('unknown-'))
}

interface Details {
  readonly path?: string
  readonly found?: string
  readonly expected?: string
  readonly nearest?: readonly string[]
}

/** What only a command line can run into. */
export class CliError extends Error {
  readonly code: 'usage' | 'broker-away' | 'interrupted'
  declare readonly path?: string
  declare readonly found?: string
  declare readonly expected?: string
  declare readonly nearest?: readonly string[]

  constructor(code: CliError['code'], message: string, details: Details = {}) {
    super(message)
    this.code = code
    Object.assign(this, details)
  }
}

/** The arguments are wrong. @param expected what would be right */
export function usage(message: string, expected: string, details: Details = {}): CliError {
  return new CliError('usage', message, { expected, ...details })
}
