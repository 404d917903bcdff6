import type { Terminal } from '../call/terminal.js'
import { run } from '../run.js'

/** Runs a command line that needs no broker in this process, on a terminal that keeps what it is told. */
export async function runHere(args: readonly string[], more: Partial<Terminal> = {}) {
  const told = { stdout: '', stderr: '' }
  const terminal: Terminal = {
    async print(text) {
      told.stdout += text
    },
    tell(text) {
      told.stderr += text
    },
    ...{ width: 100, colour: false, isInteractive: false, isLive: false, tokens: undefined, user: 'ann' },
    readInput: async () => '',
    ask: async () => '',
    interrupted: new AbortController().signal,
    ...more,
  }
  const code = await run(args, terminal, '1.2.3')
  return { code, ...told }
}
