import { RecordcastError } from 'recordcast'
import { enter } from './company/enter.js'
import { type Config, readConfig, usage } from './config.js'
import { runDemo } from './demo.js'
import { PlainError } from './plain-error.js'
import { createOut } from './report/out.js'

/*
The process: arguments, signals, the terminal and the exit code. 0: the replay came to its end, or was asked to end while it followed.
1: what was counted did not add up, or something failed. 2: arguments. 130: interrupted, or interrupted twice.

A process that plays a role for another one leaves signals to that one: a terminal sends them to all of them at once.
*/
const { stdout, stderr, argv, env } = process
const ending = new AbortController()
let readerGone = false
/** For a role, once nobody is there to play it for. */
const graceMs = 10_000

process.exitCode = await run()

async function run(): Promise<number> {
  let config: Config
  try {
    config = readConfig(argv.slice(2))
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return 2
  }
  if (config.help) {
    stdout.write(usage)
    return 0
  }
  if (config.role !== undefined && !process.connected) {
    stderr.write('--role is for processes that the demo starts itself\n')
    return 2
  }
  try {
    return await (config.role === undefined ? direct(config) : playRole(config.role))
  } catch (error) {
    stderr.write(`The demo failed: ${sentenceOf(error)}\n`)
    return 1
  } finally {
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM')
  }
}

async function direct(config: Config): Promise<number> {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    readerGone = true
    ending.abort()
  })
  onSignals(() => {
    if (ending.signal.aborted) process.exit(130)
    ending.abort()
  })
  const write = (text: string): void => {
    if (!readerGone) stdout.write(text)
  }
  const out = createOut(write, {
    // A terminal that does not know its width says 0.
    width: stdout.columns || 100,
    colour: stdout.isTTY === true && (env.NO_COLOR ?? '') === '',
  })
  const addsUp = await runDemo(config, out, ending.signal)
  if (!addsUp) return 1
  return ending.signal.aborted && !config.follow && !readerGone ? 130 : 0
}

async function playRole(role: string): Promise<number> {
  onSignals(() => undefined)
  process.once('disconnect', () => setTimeout(() => process.exit(1), graceMs).unref())
  await enter(role, process)
  return 0
}

function onSignals(act: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, act)
}

/** Errors that were written for people need no stack. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error instanceof RecordcastError || error instanceof PlainError
    ? error.message
    : (error.stack ?? error.message)
}
