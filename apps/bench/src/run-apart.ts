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
 * @param command what starts this program: Node, its options, the main file, and the arguments but for names of parts
 */
export async function runApart(part: Part, command: readonly string[], write: (text: string) => void): Promise<Taken> {
  const scratch = mkdtempSync(join(tmpdir(), 'recordcast-bench-'))
  const json = join(scratch, 'rows.json')
  try {
    const [node = '', ...args] = command
    const child = spawn(node, [...args, part.name, '--bare', '--json', json], { stdio: 'inherit' })
    const [code] = await once(child, 'exit')
    const { rows, failed } = JSON.parse(readFileSync(json, 'utf8')) as { rows: Row[]; failed: number }
    return { rows, failed: code === 0 ? failed : Math.max(1, failed) }
  } catch (error) {
    write(`${part.name}: FAILED ${error instanceof Error ? error.message : String(error)}\n`)
    return { rows: [], failed: 1 }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
