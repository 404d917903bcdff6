import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))

test('npx recordcast works at the root of the workspace once it has been built', () => {
  // npm tells its children how it was called, which would confuse the one below.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)))
  const run = spawnSync('npx', ['--no-install', 'recordcast', 'ls', '--broker', 'memory:'], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  expect({ code: run.status, stdout: run.stdout }).toEqual({ code: 2, stdout: '' })
  expect(run.stderr).toContain('memory: is a bus inside one process')
}, 60_000)
