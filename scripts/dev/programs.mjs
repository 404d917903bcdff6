import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { node, pnpm, runQuietly, tool } from './run.mjs'
import { root } from './workspace.mjs'

// The command lines of the tools, each in one place. They need the install to be done.
export const lint = (...args) => tool('biome', 'check', '--error-on-warnings', ...args)
export const knip = (...args) => tool('knip', '--no-progress', '--no-config-hints', ...args)

/** The tests of these scripts, by the test runner that Node.js brings. */
export function scriptTests() {
  const files = readdirSync(join(root, 'scripts', 'dev')).filter((file) => file.endsWith('.test.mjs'))
  return node('--test', ...files.map((file) => join('scripts', 'dev', file)))
}

/** Checks the types of everything that Node.js runs, and of the page, which has those of a browser. */
export async function typecheckAll(...args) {
  for (const project of ['scripts/tsconfig.check.json', 'apps/admin/tsconfig.page.json']) {
    await runQuietly(tool('tsc', '-p', project, ...args), 'The type check')
  }
}

/** Turbo runs a task in every package that has it; dist comes from its cache where nothing has changed. */
export const turbo = (task, ...args) =>
  pnpm('exec', 'turbo', 'run', task, '--ui=stream', '--log-order=grouped', '--log-prefix=none', ...args)

export const build = (...args) => turbo('build', '--concurrency=2', ...args)

/** Builds what a filter names, silently unless it fails. */
export const buildQuietly = (...filters) =>
  runQuietly(build(...filters.map((filter) => `--filter=${filter}`)), 'The build')
