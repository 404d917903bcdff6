import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'

export interface Config {
  readonly broker: string
  /** What keeps this run apart from everything else on the broker. */
  readonly namespace: string
  /** Replays at a human pace until it is stopped. */
  readonly follow: boolean
  /** How many of the payloads are replayed. */
  readonly payloads: number
  /** Of the operator's page, while it follows; 0 takes a free one. */
  readonly adminPort: number
  readonly help: boolean
  /** Of a process that the demo started itself: what it is to play for the one that started it. */
  readonly role?: string
}

export const usage = `Usage: npm start [-- options]

Replays GitHub's webhooks as record events to listeners that ask for different attributes of them.

  --broker URL      on a broker, every listener and the source in a process of its own:
                    amqp://user:password@host:5672, nats://host:4222; default memory://demo, one process
  --namespace NAME  what keeps this run apart from others on the broker; default demo- and six random digits
  --follow          keep replaying, a few events a second, until Ctrl-C
  --admin-port N    where the operator's page is while it follows; default 4680
  --payloads N      replay the first N payloads only
  --help            print this
`

/** @throws TypeError with a sentence for whoever typed the arguments */
export function readConfig(args: readonly string[]): Config {
  const { values } = parseArgs({
    args: [...args],
    options: {
      broker: { type: 'string', default: 'memory://demo' },
      namespace: { type: 'string' },
      follow: { type: 'boolean', default: false },
      payloads: { type: 'string' },
      'admin-port': { type: 'string', default: '4680' },
      help: { type: 'boolean', default: false },
      role: { type: 'string' },
    },
  })
  const {
    broker,
    namespace = `demo-${randomBytes(3).toString('hex')}`,
    payloads,
    follow,
    help,
    role,
    'admin-port': port,
  } = values
  if (payloads !== undefined && !/^[1-9]\d{0,8}$/.test(payloads)) {
    throw new TypeError(`--payloads wants a whole number from 1, not "${payloads}"`)
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new TypeError(`--admin-port wants a whole number from 0 to 65,535, not "${port}"`)
  }
  return {
    broker,
    namespace,
    follow,
    payloads: payloads === undefined ? Number.POSITIVE_INFINITY : Number(payloads),
    adminPort: Number(port),
    help,
    ...(role !== undefined && { role }),
  }
}

/** Whether everybody is in this process, where alone the embedded transport reaches. */
export function isEmbedded({ broker }: Config): boolean {
  return /^memory:/i.test(broker)
}
