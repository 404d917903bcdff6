import { fork } from 'node:child_process'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { PlainError } from '../plain-error.js'
import { type Line, openLine, type Verbs } from './line.js'

/** A process of the demo that plays one role. */
export interface Child {
  readonly pid: number
  readonly ask: Line['ask']
  /** Lets it go, and resolves when it has ended; one that does not end by itself is killed. */
  dismiss(): Promise<void>
}

export interface ChildOptions {
  readonly role: string
  /** What it may ask of this process. */
  readonly verbs: Verbs
  /** Told when it ended undismissed, or badly. */
  readonly onLost: (error: Error) => void
  /** Default the demo itself. */
  readonly program?: string
}

const ourselves = fileURLToPath(new URL('../main.js', import.meta.url))
/** Longer than a child waits for itself. */
const graceMs = 12_000

/** Starts a process for a role. Its arguments can be read by everybody on the machine, so the broker's URL is not among them. */
export function startChild({ role, verbs, onLost, program = ourselves }: ChildOptions): Child {
  const child = fork(program, ['--role', role], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  const line = openLine(child, verbs)
  let dismissed = false
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000)
  })
  const lose = (how: string): void => {
    const error = new PlainError(`${role} (process ${child.pid ?? 'none'}) ${how}${lastWords(said)}`)
    line.cut(error)
    onLost(error)
  }
  // Not 'close': Node.js does not emit it of a child whose channel was disconnected from here.
  const ended = Promise.all([once(child, 'exit'), child.stderr && finished(child.stderr)]).then(
    ([[code, signal]]) => {
      const how = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`
      if (!dismissed || code !== 0) lose(how)
      else line.cut(new PlainError(`${role} has been dismissed`))
    },
    (error: Error) => lose(`could not be started: ${error.message}`),
  )
  return {
    pid: child.pid ?? 0,
    ask: line.ask,
    async dismiss() {
      dismissed = true
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(timer)
    },
  }
}

/** The end of what a process wrote on its standard error, without the stack. */
function lastWords(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !/^ {4}at |^Node\.js v/.test(line))
  return lines.length === 0 ? '' : `; its last words:\n${lines.slice(-3).join('\n')}`
}
