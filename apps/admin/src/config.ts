import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { noTokens, readTokens, type Tokens } from './tokens.js'

export interface Config {
  readonly broker: string
  readonly namespace: string
  readonly host: string
  readonly port: number
  readonly tokens: Tokens
  readonly requestsPerMinute: number
  readonly busyAfterMs: number
  readonly logLevel: string
  readonly help: boolean
}

export const usage = `Usage: node apps/admin/dist/server.js --broker URL [options]

Opens the operator's API and page on a broker.

  --broker URL        amqp://user:password@host:5672, nats://host:4222; or RECORDCAST_BROKER
  --namespace NAME    what keeps environments apart on the broker; default recordcast
  --host ADDRESS      default 127.0.0.1; any other wants tokens
  --port N            default 4680
  --tokens FILE       one a line: "viewer name token" or "operator name token"; or RECORDCAST_TOKENS, the lines themselves
  --rate N            requests a minute and address; default 1200
  --busy-after MS     how late the event loop may come before the API answers 503; default 1000, 0 never
  --log-level LEVEL   default info
  --help              print this
`

const levels = new Set(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])

/** @throws TypeError with a sentence for whoever typed the arguments; RecordcastError for tokens that are none */
export function readConfig(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Config {
  const { values } = parseArgs({
    args: [...args],
    options: {
      broker: { type: 'string', default: env.RECORDCAST_BROKER ?? '' },
      namespace: { type: 'string', default: 'recordcast' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '4680' },
      tokens: { type: 'string' },
      rate: { type: 'string', default: '1200' },
      'busy-after': { type: 'string', default: '1000' },
      'log-level': { type: 'string', default: 'info' },
      help: { type: 'boolean', default: false },
    },
  })
  const { broker, namespace, host, help, 'log-level': logLevel } = values
  if (broker === '' && !help) throw new TypeError('--broker says which bus to look at')
  if (!levels.has(logLevel)) throw new TypeError(`--log-level is one of ${[...levels].join(', ')}`)
  const port = wholeNumber('--port', values.port, 0, 65_535)
  const requestsPerMinute = wholeNumber('--rate', values.rate, 1, 1_000_000)
  const busyAfterMs = wholeNumber('--busy-after', values['busy-after'], 0, 600_000)
  const lines = values.tokens === undefined ? env.RECORDCAST_TOKENS : readFileSync(values.tokens, 'utf8')
  const tokens = lines === undefined ? noTokens : readTokens(lines)
  return { broker, namespace, host, port, tokens, requestsPerMinute, busyAfterMs, logLevel, help }
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw new TypeError(`${option} wants a whole number from ${least} to ${most}, not "${text}"`)
}
