import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { assertNothingLeft } from './leftovers.js'
import { fork, type Program } from './process.js'
import { makeScratch } from './scratch.js'
import { waitUntil } from './wait-until.js'

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  await assertNothingLeft()
})

/** Runs a few lines of JavaScript in which `report` writes a line. */
const run = (text: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Program => {
  const scratch = makeScratch('module')
  const path = join(scratch.path, 'program.mjs')
  writeFileSync(path, `const report = (value) => console.log(JSON.stringify(value))\n${text}\n`)
  const program = fork(path, args, env)
  cleanups.push(scratch.remove, program.stop)
  return program
}

const counting = 'let n = 0; setInterval(() => report({ n: ++n }), 5)'

describe('a program', () => {
  test('reports, with its arguments and its environment, and ends with its code', async () => {
    const program = run(
      'report({ args: process.argv.slice(2), env: process.env.HOUSE }); process.exitCode = 7',
      ['a'],
      {
        HOUSE: 'b',
      },
    )
    expect(await program.exited).toEqual({ code: 7, signal: null })
    expect(program.reports).toEqual([{ args: ['a'], env: 'b' }])
    expect(program.isRunning()).toBe(false)
  })

  test('is told things', async () => {
    const program = run("process.stdin.on('data', (chunk) => report({ heard: JSON.parse(chunk) }))")
    program.tell({ emit: 3 })
    expect(await program.next((report) => 'heard' in report)).toEqual({ heard: { emit: 3 } })
  })

  test('is heard from the first report on, or after some', async () => {
    const program = run(counting)
    await program.next(({ n }) => n === 3)
    expect(await program.next(() => true)).toEqual({ n: 1 })
    expect(await program.next(() => true, { after: 2 })).toEqual({ n: 3 })
    const heard: unknown[] = []
    const stopHearing = program.onReport((report) => heard.push(report))
    const { n } = await program.next(() => true, { after: program.reports.length })
    await program.next((report) => Number(report.n) >= Number(n) + 2)
    stopHearing()
    expect(heard.slice(0, 3)).toEqual([0, 1, 2].map((more) => ({ n: Number(n) + more })))
  })

  test('explains why an awaited report did not come', async () => {
    const ended = run("console.log('no JSON'); console.log('[1]'); throw new Error('on purpose')")
    await expect(ended.next(() => true)).rejects.toThrow(/ended without.*\nno JSON\n\[1\][\s\S]*on purpose/)
    await expect(ended.next(() => true)).rejects.toThrow('ended without')
    const silent = run('setInterval(() => {}, 1000)')
    await expect(silent.next(() => true, { timeoutMs: 20 })).rejects.toThrow('within 20 ms')
  })

  test('is paused, goes on, and is killed while paused', async () => {
    const program = run(counting)
    await program.next(() => true)
    program.pause()
    const isStopped = async () => {
      return /^State:\tT/m.test(await readFile(`/proc/${program.pid}/status`, 'utf8'))
    }
    await waitUntil(isStopped, { what: 'the process to stop', timeoutMs: 2000 })
    program.resume()
    await program.next(() => true, { after: program.reports.length + 5 })
    program.pause()
    expect(await program.kill()).toEqual({ code: null, signal: 'SIGKILL' })
    program.tell('too late')
    await Promise.all([program.stop(), program.stop()])
  })

  test('may answer a gentler signal in its own way', async () => {
    const program = run(`process.once('SIGTERM', () => { report({ last: 1 }); process.exit(3) }); ${counting}`)
    await program.next(() => true)
    expect(await program.kill('SIGTERM')).toEqual({ code: 3, signal: null })
    expect(program.reports.at(-1)).toEqual({ last: 1 })
  })
})
