import { type Operator, openOperator } from '@recordcast/operator'
import type { Command } from 'commander'
import { type Broker, connect, type Logger } from 'recordcast'
import { jsonText } from '../print/json.js'
import { createPage, type Page } from '../print/page.js'
import { brokerOf, type Globals } from './globals.js'
import type { Terminal } from './terminal.js'
import { within } from './within.js'

/** What drivers and SDKs report. */
type Logs = 'none' | 'warnings' | 'all'

/** One call of a command: its options, where it prints, and the way to the bus. */
export interface Call<Options> {
  readonly terminal: Terminal
  readonly options: Options & Globals
  /** Who does it, for the audit log. */
  readonly by: string
  /** Prints a result: as JSON with --json, else what `draw` makes of it. */
  show(result: unknown, draw: (page: Page) => void): Promise<void>
  /** A remark, on stderr. */
  note(text: string): void
  /** Gives up after --timeout, or when interrupted. */
  within<T>(what: string, run: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Connects, and closes when the work has ended. @param logs what to say on stderr at the moment; default nothing. @throws what `connect` rejects with */
  withBroker<T>(work: (broker: Broker) => Promise<T>, logs?: () => Logs): Promise<T>
  withOperator<T>(work: (operator: Operator, broker: Broker) => Promise<T>): Promise<T>
  /** As withOperator, for a question that is one answer: gives up after --timeout. */
  ask<T>(question: (operator: Operator) => Promise<T>): Promise<T>
}

export function createCall<Options>(command: Command, terminal: Terminal): Call<Options> {
  const options = command.optsWithGlobals<Options & Globals>()
  const call: Call<Options> = {
    terminal,
    options,
    by: options.by ?? `${terminal.user} (recordcast)`,
    show: (result, draw) => {
      if (options.json) return terminal.print(jsonText(result))
      const page = createPage({ width: terminal.width, colour: terminal.colour && options.color })
      draw(page)
      return terminal.print(page.text())
    },
    note: (text) => terminal.tell(`${text}\n`),
    within: (what, run) => within(what, options.timeout, terminal.interrupted, run),
    async withBroker(work, logs = () => 'none') {
      const url = brokerOf(options)
      // A variable that is set to nothing is as good as none.
      const namespace = options.namespace || 'recordcast'
      const logger = loggerOf(options.verbose ? () => 'all' : logs, call.note)
      const broker = await call.within('Connecting to the broker', async (signal) => {
        const opened = await connect(url, { namespace, logger })
        // Too late: nobody waits for it any more.
        if (signal.aborted) await opened.close()
        return opened
      })
      try {
        return await work(broker)
      } finally {
        await broker.close()
      }
    },
    withOperator: (work) =>
      call.withBroker(async (broker) => {
        const requestTimeoutMs = Math.min(2000, options.timeout * 500)
        const operator = await call.within('Reading the boards', (signal) =>
          openOperator({ broker, requestTimeoutMs, signal }),
        )
        try {
          return await work(operator, broker)
        } finally {
          await operator.close()
        }
      }),
    ask: (question) => call.withOperator((operator) => call.within('The answer', () => question(operator))),
  }
  return call
}

function loggerOf(logs: () => Logs, note: (text: string) => void): Logger {
  const say = (details: object, message: string): void => {
    const { error, ...rest } = details as { error?: unknown }
    const why = error instanceof Error ? `: ${error.message}` : ''
    note(`${message}${why}${Object.keys(rest).length > 0 ? ` ${jsonText(rest, 0).trim()}` : ''}`)
  }
  const warn = (details: object, message: string): void => {
    if (logs() !== 'none') say(details, message)
  }
  const info = (details: object, message: string): void => {
    if (logs() === 'all') say(details, message)
  }
  return { debug: () => undefined, info, warn, error: warn }
}
