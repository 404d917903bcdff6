import { readFileSync } from 'node:fs'
import type { Child } from './child.js'
import { waitUntil } from './wait-until.js'

/** One node of a private broker: a process that can be killed, frozen and started again on its port and its data. */
export interface BrokerNode {
  /** As the broker knows it: 'rabbit1@localhost', 'nats1'. */
  readonly name: string
  readonly url: string
  /** Of the process that runs now or ran last: another one after each restart. */
  readonly pid: number
  isRunning(): boolean
  /** Sends a signal and waits until the process is gone. Default SIGKILL. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** SIGSTOP: connections stay, nothing answers. */
  pause(): void
  resume(): void
  /** Starts the process again, killing it first if it still runs. Does not wait until it serves: that is `whenUp`. */
  restart(): Promise<void>
  /**
   * Resolves once a client would be served.
   *
   * @throws Error with the end of the log if the process has ended or `timeoutMs` (default 60 000) are over
   */
  whenUp(timeoutMs?: number): Promise<void>
}

export interface NodeParts {
  readonly name: string
  readonly url: string
  /** Starts the process. */
  readonly start: () => Child
  /** Does what a client would do first; throws while the node does not serve. */
  readonly probe: () => Promise<void>
  /** Files whose ends explain a failure. */
  readonly logs: readonly string[]
}

/** Starts a node and keeps hold of it. */
export function startNode({ name, url, start, probe, logs }: NodeParts): BrokerNode {
  let child = start()
  const explain = (reason: string): string =>
    [reason, ...logs.map((path) => `--- ${path}\n${tail(path)}`)].filter((part) => part !== '').join('\n')

  return {
    name,
    url,
    get pid() {
      return child.pid
    },
    isRunning: () => child.isRunning(),
    async kill(signal) {
      await child.kill(signal)
    },
    pause: () => child.pause(),
    resume: () => child.resume(),
    async restart() {
      if (child.isRunning()) await child.kill()
      child = start()
    },
    async whenUp(timeoutMs) {
      const hopeless = () => (child.isRunning() ? undefined : 'its process has ended')
      try {
        await waitUntil(() => probe().then(() => true), { what: name, hopeless, ...(timeoutMs && { timeoutMs }) })
      } catch (error) {
        throw new Error(explain(error instanceof Error ? error.message : String(error)), { cause: error })
      }
    },
  }
}

const tail = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(-20).join('\n')
  } catch {
    return '(not there)'
  }
}
