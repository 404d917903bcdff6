import { createInterface } from 'node:readline'
import { type Exit, startChild } from './child.js'
import { makeScratch } from './scratch.js'

/** One line that a program wrote to stdout. */
export type Report = Readonly<Record<string, unknown>>

export interface Program {
  readonly pid: number
  /** Every report so far, in order. */
  readonly reports: readonly Report[]
  /** The last 64 KiB of stderr, and of lines on stdout that were no JSON objects. */
  readonly complaints: string
  readonly exited: Promise<Exit>
  isRunning(): boolean
  /**
   * The first report that suits, among those to come and, unless `after` skips them, those that have come.
   *
   * @param after how many reports to pass over, from the first ever; default 0
   * @throws Error with the program's complaints if it ends, or `timeoutMs` (default 45 000) pass, without one
   */
  next(suits: (report: Report) => boolean, options?: { after?: number; timeoutMs?: number }): Promise<Report>
  /** Hears every report from now on. Returns the way to stop hearing. */
  onReport(hear: (report: Report) => void): () => void
  /** Writes a line of JSON to the program's stdin. A program that has ended does not hear it. */
  tell(message: unknown): void
  /** Sends a signal, SIGKILL by default, and waits for the end. */
  kill(signal?: NodeJS.Signals): Promise<Exit>
  pause(): void
  resume(): void
  /** Kills it if it still runs and removes its working directory. A second time does nothing. */
  stop(): Promise<void>
}

const mostComplaints = 64 * 1024

/**
 * Runs a module in a Node process of its own, in an empty working directory. The module reports by writing JSON objects
 * to stdout, a line each.
 *
 * @param modulePath absolute, of JavaScript: a built file, not a source
 * @param env added to this process's own environment
 */
export function fork(modulePath: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Program {
  const scratch = makeScratch('program')
  const child = startChild(process.execPath, [modulePath, ...args], {
    cwd: scratch.path,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const { stdin, stdout, stderr } = child.process
  if (stdin === null || stdout === null || stderr === null) throw new Error(`${modulePath} was given no pipes`)
  const reports: Report[] = []
  const hearers = new Set<(report: Report) => void>()
  let complaints = ''
  const complain = (text: string): void => {
    complaints = (complaints + text).slice(-mostComplaints)
  }
  stdin.on('error', () => {})
  stderr.setEncoding('utf8').on('data', complain)
  const lines = createInterface({ input: stdout, crlfDelay: Number.POSITIVE_INFINITY })
  lines.on('line', (line) => {
    const report = parse(line)
    if (report === undefined) return complain(`${line}\n`)
    reports.push(report)
    for (const hear of hearers) hear(report)
  })
  // After the last line, which comes later than the exit does.
  const closed = new Promise<void>((resolve) => child.process.once('close', () => resolve()))

  return {
    pid: child.pid,
    reports,
    get complaints() {
      return complaints
    },
    exited: closed.then(() => child.exited),
    isRunning: child.isRunning,
    next(suits, { after = 0, timeoutMs = 45_000 } = {}) {
      const past = reports.slice(after).find(suits)
      if (past !== undefined) return Promise.resolve(past)
      return new Promise((resolve, reject) => {
        const settle = (report: Report | string): void => {
          clearTimeout(timer)
          hearers.delete(hear)
          if (typeof report !== 'string') resolve(report)
          else reject(new Error(`${modulePath} ${report}\n${complaints}`.trimEnd()))
        }
        let count = reports.length
        const hear = (report: Report): void => {
          if (count++ >= after && suits(report)) settle(report)
        }
        const timer = setTimeout(() => settle(`did not report what was awaited within ${timeoutMs} ms`), timeoutMs)
        hearers.add(hear)
        void closed.then(() => settle('ended without reporting what was awaited'))
      })
    },
    onReport(hear) {
      hearers.add(hear)
      return () => void hearers.delete(hear)
    },
    tell: (message) => void stdin.write(`${JSON.stringify(message)}\n`),
    async kill(signal) {
      await child.kill(signal)
      await closed
      return child.exited
    },
    pause: child.pause,
    resume: child.resume,
    async stop() {
      await child.kill()
      await closed
      scratch.remove()
    },
  }
}

function parse(line: string): Report | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Report) : undefined
  } catch {
    return undefined
  }
}
