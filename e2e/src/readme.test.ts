import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from './house/tree.js'
import { firstProgram } from './readme/program.js'
import { runProgram } from './readme/run-program.js'

const timeoutMs = 20_000
const readme = join(root, 'README.md')
const title = '# Recordcast\n\nOne sentence.\n\n'
const fenced = (...lines: readonly string[]): string =>
  `${title}\`\`\`ts\n${lines.join('\n')}\n\`\`\`\n\n\`\`\`ts\nlater()\n\`\`\`\n`

describe('the program in the README', () => {
  const program = existsSync(readme) ? firstProgram(readFileSync(readme, 'utf8')) : undefined

  test('is there by line ten', () => {
    expect(existsSync(readme), 'README.md at the root').toBe(true)
    expect(program, 'a ```ts block in README.md').toBeDefined()
    expect(program?.line).toBeLessThanOrEqual(10)
  })

  test('says what it prints', () => {
    expect(program?.prints.length ?? 0, 'comments "// prints …" in the program').toBeGreaterThan(0)
  })

  test('compiles, runs and prints what it says, as it stands there', { timeout: 2 * timeoutMs }, async () => {
    if (program === undefined) return expect.fail('there is no program to run')
    const outcome = await runProgram(program.text, timeoutMs)
    expect(outcome).toEqual({ complaints: [], exitCode: 0, printed: program.prints, stderr: '' })
  })
})

describe('the reader of the README', () => {
  test('takes the first block and its printed lines', () => {
    const found = firstProgram(fenced("console.log('a')", '// prints a', '// printed nothing', 'say() // prints b c'))
    expect(found?.line).toBe(6)
    expect(found?.text).toBe("console.log('a')\n// prints a\n// printed nothing\nsay() // prints b c\n")
    expect(found?.prints).toEqual(['a', 'b c'])
  })

  test('finds no program where there is none', () => {
    expect(firstProgram('# Recordcast\n\n```sh\nnpm start\n```\n')).toBeUndefined()
    expect(firstProgram('# Recordcast\n\n```ts\nnever closed\n')).toBeUndefined()
  })

  test('runs a program against installed packages', { timeout: 2 * timeoutMs }, async () => {
    const text =
      "import { z } from 'zod'\n\nconst n: number = z.number().parse(7)\nconsole.log('n', n)\nconsole.log('done')\n"
    expect(await runProgram(text, timeoutMs)).toEqual({
      complaints: [],
      exitCode: 0,
      printed: ['n 7', 'done'],
      stderr: '',
    })
  })

  test('reports what does not compile, with its line, and does not run it', { timeout: 2 * timeoutMs }, async () => {
    const { complaints, exitCode } = await runProgram(
      "const n = 7\nexport const s: string = n\nconsole.log('ran')\n",
      timeoutMs,
    )
    expect(complaints).toEqual([expect.stringContaining('program.ts:2 Type')])
    expect(exitCode).toBeNull()
  })

  test('reports a program that fails, and leaves no folder behind', { timeout: 2 * timeoutMs }, async () => {
    const folders = () => readdirSync(join(root, 'e2e')).filter((name) => name.startsWith('.readme-'))
    const before = folders()
    const { exitCode, stderr } = await runProgram("throw new Error('as it must')\n", timeoutMs)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('as it must')
    expect(folders()).toEqual(before)
  })
})
