import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startChild } from '../../brokers/child.js'
import { makeScratch } from '../../brokers/scratch.js'

/** The program as it is linked into node_modules/.bin, which runs what was built. */
const program = fileURLToPath(new URL('../../../../apps/cli/bin/recordcast.mjs', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** What stands on stdin; default nothing. */
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  /** Gives it a terminal of so many columns, which `script` plays; both its streams then come as stdout, and stdin stays open for `type`. */
  readonly columns?: number
}

/** Whether there is a program here that plays a terminal. */
export const hasTerminal = spawnSync('script', ['--version']).status === 0

/** Starts `recordcast` in a process of its own, in an empty working directory and with no environment but what is given. */
export function startCli(args: readonly string[], { input = '', env = {}, columns }: RunOptions = {}) {
  const scratch = makeScratch('cli')
  const line = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ')
  const [command, ...words] =
    columns === undefined
      ? [process.execPath, program, ...args]
      : ['script', '-qec', `stty cols ${columns} && exec ${line}`, '/dev/null']
  const child = startChild(command, words, {
    cwd: scratch.path,
    env: { PATH: process.env.PATH, HOME: scratch.path, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const { stdin, stdout, stderr } = child.process
  if (stdin === null || stdout === null || stderr === null) throw new Error('recordcast was given no pipes')
  stdin.on('error', () => undefined)
  if (columns === undefined) stdin.end(input)
  const told = { stdout: '', stderr: '' }
  let look = (): void => undefined
  for (const [name, stream] of Object.entries({ stdout, stderr }) as ['stdout' | 'stderr', NodeJS.ReadableStream][]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      told[name] += text
      look()
    })
  }
  const ended = new Promise<Ended>((resolve) => {
    child.process.once('close', (code) => {
      scratch.remove()
      resolve({ code, ...told })
    })
  })
  return {
    ended,
    kill: child.kill,
    /** On the keyboard of its terminal. */
    type: (text: string) => void stdin.write(text),
    /** Closes the reading end of its stdout, as `head` does when it has enough. */
    stopReading: () => stdout.destroy(),
    /** Resolves once something on one of its streams matches; rejects if it ends before. */
    told(where: 'stdout' | 'stderr', pattern: RegExp): Promise<string> {
      const seen = new Promise<string>((resolve) => {
        look = () => {
          if (pattern.test(told[where])) resolve(told[where])
        }
        look()
      })
      const early = ended.then(({ stdout, stderr }) => {
        if (pattern.test(told[where])) return told[where]
        throw new Error(`recordcast ended before it told ${pattern}: ${stdout}${stderr}`)
      })
      return Promise.race([seen, early])
    },
  }
}
