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
      help: { type: 'boolean', default: false },
      role: { type: 'string' },
    },
  })
  const { broker, namespace = `demo-${randomBytes(3).toString('hex')}`, payloads, follow, help, role } = values
  if (payloads !== undefined && !/^[1-9]\d{0,8}$/.test(payloads)) {
    throw new TypeError(`--payloads wants a whole number from 1, not "${payloads}"`)
  }
  return {
    broker,
    namespace,
    follow,
    payloads: payloads === undefined ? Number.POSITIVE_INFINITY : Number(payloads),
    help,
    ...(role !== undefined && { role }),
  }
}

/** Whether everybody is in this process, where alone the embedded transport reaches. */
export function isEmbedded({ broker }: Config): boolean {
  return /^memory:/i.test(broker)
}
