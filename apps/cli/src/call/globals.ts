import { InvalidArgumentError } from 'commander'
import { usage } from './exits.js'

/** Options of every command. */
export interface Globals {
  readonly broker?: string
  readonly namespace?: string
  readonly json?: boolean
  readonly color: boolean
  readonly timeout: number
  readonly by?: string
  readonly verbose?: boolean
}

const schemes = 'amqp://user:password@host:5672 or nats://host:4222'

/** @throws CliError usage: none is given, or one that no other process can reach */
export function brokerOf({ broker = '' }: Globals): string {
  if (broker === '') {
    throw usage(
      'No broker is given',
      `--broker ${schemes}, or the environment variable RECORDCAST_BROKER with such a URL`,
    )
  }
  if (/^memory:/i.test(broker)) {
    throw usage(
      'memory: is a bus inside one process, which no other process can join, this one neither',
      `${schemes}; in the process with the bus itself use @recordcast/operator`,
    )
  }
  return broker
}

/** Reads the value of an option that is a number. For commander, which names the option. */
export function numberFrom(least: number, most: number, whole = false) {
  return (text: string): number => {
    const value = Number(text)
    if (text.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value))) return value
    const range = `from ${least.toLocaleString('en-GB')} to ${most.toLocaleString('en-GB')}`
    throw new InvalidArgumentError(`Expected a ${whole ? 'whole ' : ''}number ${range}.`)
  }
}

/** Collects the values of an option that may be given several times. For commander. */
export const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]
