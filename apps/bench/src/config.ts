import { parseArgs } from 'node:util'

export interface Config {
  /** Names of the parts to run; empty for all. */
  readonly parts: readonly string[]
  readonly json: string
  readonly quick: boolean
  readonly help: boolean
  /** Without the head and the last line, for whoever puts several runs together. */
  readonly bare: boolean
  /** Of the one side that this process is, as JSON; for the program itself. */
  readonly side: string | undefined
  readonly brokers: { readonly amqp: string | undefined; readonly nats: string | undefined }
}

export const usage = `Usage: npm run bench [-- parts and options]

Measures the hot paths beside what a user would otherwise write, in turns in the same run, and prints a table. Each part has a process of its own, and so has each side over a broker.

  --json FILE   where the figures go; default bench.json
  --quick       small loads, to see whether the benchmark works
  --amqp URL    a RabbitMQ; default amqp://guest:guest@127.0.0.1:5672, 'none' leaves it out
  --nats URL    a NATS server with JetStream; default nats://127.0.0.1:4222, 'none' leaves it out
  --bare        rows alone, without the head and the last line
  --help        print this
`

/** @throws TypeError with a sentence for whoever typed the arguments */
export function readConfig(args: readonly string[], known: readonly string[]): Config {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'string', default: 'bench.json' },
      quick: { type: 'boolean', default: false },
      amqp: { type: 'string', default: 'amqp://guest:guest@127.0.0.1:5672' },
      nats: { type: 'string', default: 'nats://127.0.0.1:4222' },
      help: { type: 'boolean', default: false },
      bare: { type: 'boolean', default: false },
      side: { type: 'string' },
    },
  })
  const unknown = positionals.filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new TypeError(`There is no part "${unknown.join('", "')}"; known: ${known.join(', ')}`)
  const { json, quick, help, bare, side } = values
  const url = (given: string): string | undefined => (given === 'none' ? undefined : given)
  return {
    parts: positionals,
    json,
    quick,
    help,
    bare,
    side,
    brokers: { amqp: url(values.amqp), nats: url(values.nats) },
  }
}
