import type { Command } from 'commander'
import { type Call, createCall } from '../call/call.js'
import { exits } from '../call/exits.js'
import type { Terminal } from '../call/terminal.js'

/**
 * Makes the action of a command out of a function that gets the call and the arguments, and gives the exit code; anything but a number is 0.
 *
 * @example program.command('ls').argument('[what]').action(run<Options, [string?]>(async (call, what) => { … }))
 */
export type Runner = <Options, Arguments extends readonly unknown[] = []>(
  work: (call: Call<Options>, ...args: Arguments) => Promise<unknown>,
) => (...args: unknown[]) => Promise<void>

export function createRunner(terminal: Terminal, ended: (code: number) => void): Runner {
  return <Options, Arguments extends readonly unknown[]>(
    work: (call: Call<Options>, ...args: Arguments) => Promise<unknown>,
  ) =>
    async (...given: unknown[]) => {
      // Commander gives the arguments, the options and the command itself.
      const command = given.at(-1) as Command
      const args = given.slice(0, -2) as unknown as Arguments
      const code = await work(createCall<Options>(command, terminal), ...args)
      ended(typeof code === 'number' ? code : exits.ok)
    }
}

/** Examples below a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ recordcast ${line}\n`).join('')}`
}
