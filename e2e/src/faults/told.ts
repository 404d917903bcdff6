import type { Logger } from 'recordcast'

/** A logger that keeps what operators would be woken by. */
export interface Told {
  readonly logger: Logger
  /** Every warning and error, with its details in JSON. */
  readonly aloud: readonly string[]
}

export function keepTold(): Told {
  const aloud: string[] = []
  const keep = (details: object, message: string): void => {
    aloud.push(`${message} ${JSON.stringify(details, withErrors)}`)
  }
  const pass = (): void => undefined
  return { aloud, logger: { debug: pass, info: pass, warn: keep, error: keep } }
}

/** JSON shows nothing of an error by itself. */
function withErrors(_: string, value: unknown): unknown {
  return value instanceof Error ? `${value.name}: ${value.message}` : value
}
