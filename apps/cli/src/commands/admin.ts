import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Call } from '../call/call.js'
import { usage } from '../call/exits.js'
import { numberFrom } from '../call/globals.js'
import { aborted } from '../call/settled.js'
import { examples, type Runner } from './define.js'

interface Options {
  readonly host: string
  readonly port: number
  readonly tokens?: string
  readonly rate: number
}

export function defineAdmin(program: Command, run: Runner): void {
  program
    .command('admin')
    .summary('open the API and the page of the admin on this bus')
    .description(
      `Starts the admin, with its page, its API and the documentation of it at /docs, until Ctrl-C. It listens on this machine alone unless there are tokens.
What operators do there goes to stderr.`,
    )
    .option('--host <address>', 'where it listens; any other than this machine wants tokens', '127.0.0.1')
    .option('--port <n>', '0 takes a free one', numberFrom(0, 65_535, true), 4680)
    .option(
      '--tokens <file>',
      'one a line: "viewer name token" or "operator name token"; or the lines themselves in RECORDCAST_TOKENS',
    )
    .option('--rate <n>', 'requests a minute and address', numberFrom(1, 1_000_000, true), 1200)
    .addHelpText('after', examples('admin', 'admin --port 8080 --host 0.0.0.0 --tokens /run/secrets/recordcast'))
    .action(run<Options>(open))
}

async function open(call: Call<Options>): Promise<void> {
  // Half a second of loading that no other command needs.
  const { noTokens, readTokens, startAdmin } = await import('@recordcast/admin')
  const { host, port, rate: requestsPerMinute } = call.options
  const lines = await tokenLines(call)
  const tokens = lines === undefined ? noTokens : readTokens(lines)
  const work = async (broker: Parameters<typeof startAdmin>[0]['broker']): Promise<void> => {
    const admin = await call.within('Opening the admin', (signal) =>
      startAdmin({ broker, host, port, tokens, requestsPerMinute, signal }).catch((error: unknown) => {
        throw addressProblem(error, host, port)
      }),
    )
    try {
      await call.show({ url: admin.url }, (page) => page.line(`The admin listens on ${admin.url}; Ctrl-C ends it.`))
      await aborted(call.terminal.interrupted)
    } finally {
      await admin.close()
    }
  }
  await call.withBroker(work, () => 'all')
}

/** What the system says of an address is of no use without a word on what to do. */
function addressProblem(error: unknown, host: string, port: number): unknown {
  const why = {
    EADDRINUSE: ['somebody listens there already', 'another --port, or 0 for a free one'],
    EADDRNOTAVAIL: ['this machine has no such address', 'an address of this machine'],
    EACCES: ['this user may not listen there', 'a --port from 1024'],
    ENOTFOUND: ['there is no such name', 'an address of this machine'],
  }[(error as NodeJS.ErrnoException).code ?? '']
  return why === undefined ? error : usage(`The admin cannot listen on ${host}:${port}: ${why[0]}`, why[1] ?? '')
}

async function tokenLines({ options: { tokens }, terminal }: Call<Options>): Promise<string | undefined> {
  if (tokens === undefined) return terminal.tokens
  try {
    return await readFile(tokens, 'utf8')
  } catch (error) {
    throw usage(`The tokens cannot be read: ${(error as Error).message}`, 'a file with one token a line')
  }
}
