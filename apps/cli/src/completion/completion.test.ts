import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runHere } from '../testdata/run-here.js'

/* The scripts in the shells that they are for, as far as this machine has them. */
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recordcast-completion-'))
})
afterAll(() => rm(folder, { recursive: true }))

const has = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined

async function script(shell: string): Promise<string> {
  const { code, stdout } = await runHere(['completion', shell])
  expect(code).toBe(0)
  const path = join(folder, `recordcast.${shell}`)
  writeFileSync(path, stdout)
  return path
}

/** What bash offers after these words, of which the last is being typed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const path = await script('bash')
  const quoted = words.map((word) => `'${word}'`).join(' ')
  const program = `source '${path}'; COMP_WORDS=(recordcast ${quoted}); COMP_CWORD=${words.length}; _recordcast; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', program], { encoding: 'utf8', cwd: folder }).trim().split('\n')
}

test.skipIf(!has('bash'))('bash completes commands, their commands, options and choices', async () => {
  expect(await offered('')).toEqual(
    expect.arrayContaining(['ls', 'show', 'parked', 'completion', '--broker', '--help']),
  )
  expect(await offered('pa')).toEqual(['parked', 'pause'])
  expect(await offered('parked', '')).toEqual(expect.arrayContaining(['ls', 'show', 'replay', 'drop']))
  expect(await offered('parked', 'replay', 'notifier', '--d')).toEqual(['--dry-run'])
  expect(await offered('completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']))
  expect(await offered('--broker', 'nats://x', 'ls', 's')).toEqual(['sources', 'subscriptions'])
  expect(await offered('show', 'parked', '--li')).toEqual([''])
})

test.skipIf(!has('bash'))('bash completes files where an option takes one', async () => {
  writeFileSync(join(folder, 'issue.json'), '{}')
  expect(await offered('check', '--schema', 'iss')).toEqual(['issue.json'])
})

test.skipIf(!has('zsh'))('zsh reads its script', async () => {
  expect(spawnSync('zsh', ['-n', await script('zsh')], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
})

test.skipIf(!has('fish'))('fish completes commands, their commands and options', async () => {
  const path = await script('fish')
  const words = (line: string): string =>
    execFileSync('fish', ['-c', `source '${path}'; complete -C '${line}'`], { encoding: 'utf8' })
  expect(words('recordcast pa')).toMatch(/^parked\t.*\npause\t/)
  expect(words('recordcast parked re')).toMatch(/^replay\t/)
  expect(words('recordcast parked replay x --dr')).toMatch(/^--dry-run\t/)
})

test('each shell gets a script with every command in it', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout } = await runHere(['completion', shell])
    for (const name of ['attributes', 'catalogue', 'orphans', 'replay', '--per-second']) {
      expect(stdout).toContain(shell === 'fish' ? name.replace(/^--/, '') : name)
    }
  }
})
