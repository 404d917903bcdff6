import { pino, stdSerializers } from 'pino'
import { connect } from 'recordcast'
import { type Config, readConfig, usage } from './config.js'
import { startAdmin } from './start.js'

/*
The process: arguments, environment, log, signals, grace. 0: it was asked to end and has. 1: it could not start, or not end in time. 2: arguments. Asked twice, it ends at once.
*/
const { argv, env, stdout, stderr } = process
const graceMs = 10_000

process.exitCode = await run()

async function run(): Promise<number> {
  let config: Config
  try {
    config = readConfig(argv.slice(2), env)
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return 2
  }
  if (config.help) {
    stdout.write(usage)
    return 0
  }
  const { broker: url, namespace, logLevel, ...options } = config
  const { err: error } = stdSerializers
  const logger = pino({ level: logLevel, redact: ['req.headers.authorization'], serializers: { error } })
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending.signal.aborted) process.exit(1)
      ending.abort()
      setTimeout(() => process.exit(1), graceMs).unref()
    })
  }
  try {
    const broker = await connect(url, { namespace, logger })
    const admin = await startAdmin({ broker, logger, signal: ending.signal, ...options })
    stdout.write(`The admin of "${namespace}" listens on ${admin.url}\n`)
    if (!ending.signal.aborted) await new Promise((resolve) => ending.signal.addEventListener('abort', resolve))
    await admin.close()
    await broker.close()
    return 0
  } catch (error) {
    stderr.write(`The admin could not go on: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}
