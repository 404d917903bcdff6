import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Part } from './measure.js'
import type { Taken } from './run-part.js'
import type { Row } from './take.js'

/**
 * Runs a part in a process of its own: what the parts before it left behind, a heap of a hundred thousand patterns and functions that have seen objects of many
 * shapes, cost a later one up to half of its speed.
 *
 * @param args those that this process was given, without names of parts
 */
export async function runApart(part: Part, args: readonly string[]): Promise<Taken> {
  const scratch = mkdtempSync(join(tmpdir(), 'recordcast-bench-'))
  const json = join(scratch, 'rows.json')
  try {
    const main = process.argv[1]!
    const child = spawn(process.execPath, [...process.execArgv, main, part.name, ...args, '--bare', '--json', json], {
      stdio: 'inherit',
    })
    const [code] = await once(child, 'exit')
    const { rows, failed } = JSON.parse(readFileSync(json, 'utf8')) as { rows: Row[]; failed: number }
    return { rows, failed: code === 0 ? failed : Math.max(1, failed) }
  } catch (error) {
    process.stdout.write(`${part.name}: FAILED ${error instanceof Error ? error.message : String(error)}\n`)
    return { rows: [], failed: 1 }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
