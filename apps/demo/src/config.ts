import { parseArgs } from 'node:util'

export interface Config {
  readonly broker: string
  /** Replays at a human pace until it is stopped. */
  readonly follow: boolean
  /** How many of the payloads are replayed. */
  readonly payloads: number
  readonly help: boolean
}

export const usage = `Usage: npm start [-- options]

Replays GitHub's webhooks as record events to listeners that ask for different attributes of them.

  --follow        keep replaying, a few events a second, until Ctrl-C
  --payloads N    replay the first N payloads only
  --help          print this
`

/** @throws TypeError with a sentence for whoever typed the arguments */
export function readConfig(args: readonly string[]): Config {
  const { values } = parseArgs({
    args: [...args],
    options: {
      follow: { type: 'boolean', default: false },
      payloads: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const { payloads, follow, help } = values
  if (payloads !== undefined && !/^[1-9]\d{0,8}$/.test(payloads)) {
    throw new TypeError(`--payloads wants a whole number from 1, not "${payloads}"`)
  }
  return {
    broker: 'memory://demo',
    follow,
    payloads: payloads === undefined ? Number.POSITIVE_INFINITY : Number(payloads),
    help,
  }
}
