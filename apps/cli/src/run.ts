import { CommanderError } from 'commander'
import { exitOf, exits } from './call/exits.js'
import { tellError } from './call/tell-error.js'
import type { Terminal } from './call/terminal.js'
import { createRunner } from './commands/define.js'
import { createProgram } from './program.js'

/** Runs one command line. @param args without node and program. @returns the exit code; never rejects */
export async function run(args: readonly string[], terminal: Terminal, version: string): Promise<number> {
  let code: number = exits.ok
  const program = createProgram(
    terminal,
    version,
    createRunner(terminal, (ended) => {
      code = ended
    }),
  )
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    // Commander has said what is wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exits.ok : exits.usage
    tellError(terminal, error, { json: args.includes('--json'), verbose: args.includes('--verbose') })
    return exitOf(error)
  }
}
