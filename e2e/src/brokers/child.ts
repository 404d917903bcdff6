import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { guard, guardedRoot, markName, release } from './guardian.js'

/** How a process ended: exactly one of the two is not null. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Child {
  readonly pid: number
  /** For its pipes, where it was given any. */
  readonly process: ChildProcess
  readonly exited: Promise<Exit>
  isRunning(): boolean
  /** Sends a signal, SIGKILL by default, and waits for the end. A paused process hears SIGKILL, and others when resumed. */
  kill(signal?: NodeJS.Signals): Promise<Exit>
  /** SIGSTOP: it keeps its memory, its ports and its connections, and does nothing. */
  pause(): void
  resume(): void
}

export interface ChildOptions {
  /** The whole environment of the process; nothing of this process's own is added but the mark. */
  readonly env: Readonly<NodeJS.ProcessEnv>
  readonly cwd: string
  readonly stdio: StdioOptions
}

/**
 * Starts a process that ends at the latest with this one.
 *
 * @throws Error if the command cannot be run
 */
export function startChild(command: string, args: readonly string[], options: ChildOptions): Child {
  const env = { ...options.env, [markName]: guardedRoot() }
  const child = spawn(command, args, { ...options, env, detached: true })
  child.on('error', () => {})
  const { pid } = child
  if (pid === undefined) throw new Error(`Could not run ${command} in ${options.cwd}`)
  guard(pid)

  let isRunning = true
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      isRunning = false
      release(pid)
      resolve({ code, signal })
    })
  })
  return {
    pid,
    process: child,
    exited,
    isRunning: () => isRunning,
    kill(signal = 'SIGKILL') {
      child.kill(signal)
      return exited
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  }
}
