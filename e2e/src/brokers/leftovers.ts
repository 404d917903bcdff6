import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { guardedRoot, markName } from './guardian.js'
import { waitUntil } from './wait-until.js'

/**
 * What is still there of what this process started: processes, those that theirs started included (found by the mark
 * in their environment, which needs /proc; elsewhere only those on record), and scratch directories.
 */
export function leftovers(): readonly string[] {
  const root = guardedRoot()
  const marked = list('/proc').filter(
    (name) => /^\d+$/.test(name) && environmentOf(name).includes(`${markName}=${root}`),
  )
  const pids = new Set([...marked, ...list(join(root, 'pids'))])
  return [
    ...[...pids].map((pid) => `process ${pid}: ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 120)}`),
    ...list(root)
      .filter((name) => name !== 'pids')
      .map((name) => `directory ${join(root, name)}`),
  ]
}

/**
 * Allows what was just killed some time to be gone.
 *
 * @param graceMs default 2000
 * @throws Error that names each process and directory that was left behind
 */
export async function assertNothingLeft(graceMs = 2000): Promise<void> {
  try {
    await waitUntil(() => leftovers().length === 0, { what: 'the last process to go', timeoutMs: graceMs })
  } catch {
    const left = leftovers()
    if (left.length > 0) throw new Error(`Left behind:\n${left.join('\n')}`)
  }
}

const environmentOf = (pid: string): readonly string[] => read(`/proc/${pid}/environ`).split('\0')

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
