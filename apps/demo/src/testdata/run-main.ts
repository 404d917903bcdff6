import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** The demo as it was built, in a process group of its own as a shell would give it. */
export function startMain(...args: readonly string[]) {
  if (!existsSync(program)) throw new Error('The demo has not been built: npm run build')
  const main = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const told = { stdout: '', stderr: '' }
  let look = (): void => undefined
  for (const name of ['stdout', 'stderr'] as const) {
    main[name].setEncoding('utf8').on('data', (text: string) => {
      told[name] += text
      look()
    })
  }
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    main.on('close', (code) => resolve({ code, ...told }))
  })
  return {
    ended,
    /** Resolves with what was captured when something printed matches; rejects when the demo ends before. */
    printed: (pattern: RegExp): Promise<readonly string[]> =>
      Promise.race([
        new Promise<readonly string[]>((resolve) => {
          look = () => {
            const match = pattern.exec(told.stdout)
            if (match) resolve(match.slice(1))
          }
          look()
        }),
        ended.then(({ stderr }) => Promise.reject(new Error(`ended before it printed ${pattern}: ${stderr}`))),
      ]),
    /** Ctrl-C, which a terminal sends to every process of the group. */
    interrupt: () => process.kill(-main.pid!, 'SIGINT'),
    /** Also after a test that failed. */
    async end() {
      if (main.exitCode === null && main.signalCode === null) process.kill(-main.pid!, 'SIGKILL')
      await ended
    },
  }
}

/** Every process that a text names. */
export const pidsIn = (text: string): readonly number[] =>
  [...text.matchAll(/\(pid ([\d ]+),/g)].flatMap(([, pids]) => pids!.split(' ').map(Number))

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
