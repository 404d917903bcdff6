import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { createInterface, type Interface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { CliError } from './call/exits.js'
import type { Terminal } from './call/terminal.js'
import { run } from './run.js'

/*
The process: arguments, streams, signals and the exit code. The first Ctrl-C ends what runs in good order, a second one at once. Under npx one Ctrl-C comes
twice, from the terminal and from npm: what follows at once is the same wish. A reader of stdout that goes away, as
`head` does, ends it as well, and that is no failure. What still keeps the process busy after its end, such as a connection that a broker never answered, is cut off.
*/
const { argv, env, stdin, stdout, stderr } = process
const ending = new AbortController()
const lingerMs = 1000
const sameWishMs = 300
let wishedAt = 0
let readerGone = false

stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  readerGone = true
  ending.abort()
})
stderr.on('error', () => undefined)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    const now = performance.now()
    if (ending.signal.aborted && now - wishedAt > sameWishMs) process.exit(130)
    wishedAt = now
    ending.abort()
  })
}

const terminal: Terminal = {
  print: (result) =>
    new Promise((resolve) => {
      if (readerGone) resolve()
      else stdout.write(result, () => resolve())
    }),
  tell: (remark) => void stderr.write(remark),
  width: stdout.isTTY ? stdout.columns || 80 : Number.POSITIVE_INFINITY,
  colour: stdout.isTTY === true && (env.NO_COLOR ?? '') === '',
  isInteractive: stdin.isTTY === true && stderr.isTTY === true,
  isLive: stderr.isTTY === true,
  readInput: () => text(stdin),
  async ask(question) {
    const lines = createInterface({ input: stdin, output: stderr })
    try {
      return await Promise.race([lines.question(question, { signal: ending.signal }), gone(lines)])
    } catch {
      throw new CliError('interrupted', 'Nobody answered; nothing was done')
    } finally {
      lines.close()
    }
  },
  tokens: env.RECORDCAST_TOKENS,
  user: nameOfUser(),
  interrupted: ending.signal,
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
const code = await run(argv.slice(2), terminal, version)
process.exitCode = readerGone ? 0 : code
setTimeout(() => process.exit(), lingerMs).unref()
stdin.unref?.()

/** Rejects when whoever was asked presses Ctrl-C or Ctrl-D. */
function gone(lines: Interface): Promise<never> {
  lines.on('SIGINT', () => ending.abort())
  return new Promise((_, reject) => lines.on('close', () => reject(new Error('closed'))))
}

/** A user of a container may have no name. */
function nameOfUser(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
