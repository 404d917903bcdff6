import { type Config, readConfig, usage } from './config.js'
import { runDemo } from './demo.js'
import { createOut } from './report/out.js'

/*
The process: arguments, signals, the terminal and the exit code. 0: the replay came to its end, or was asked to end while it followed.
1: what was counted did not add up, or something failed. 2: arguments. 130: interrupted, or interrupted twice.
*/
const { stdout, stderr, argv, env } = process
const ending = new AbortController()
let readerGone = false

stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  readerGone = true
  ending.abort()
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (ending.signal.aborted) process.exit(130)
    ending.abort()
  })
}

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
  const write = (text: string): void => {
    if (!readerGone) stdout.write(text)
  }
  const out = createOut(write, {
    // A terminal that does not know its width says 0.
    width: stdout.columns || 100,
    colour: stdout.isTTY === true && (env.NO_COLOR ?? '') === '',
  })
  try {
    const addsUp = await runDemo(config, out, ending.signal)
    if (!addsUp) return 1
    return ending.signal.aborted && !config.follow && !readerGone ? 130 : 0
  } catch (error) {
    stderr.write(`The demo failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return 1
  } finally {
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM')
  }
}
