import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { node, pnpm, run, runQuietly, tool } from './run.mjs'
import { root, workspacePackages } from './workspace.mjs'

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

/**
 * Compiles packages that have never been built, with all that they need, in one process: one for each of them reads the declarations of the language and of
 * the libraries anew, and all together take three times as long. Turbo then finds them up to date and keeps them. What does not compile is turbo's to report.
 */
export async function compile(folders = workspacePackages().map(({ folder }) => folder)) {
  const unbuilt = folders.filter((folder) => !existsSync(join(root, folder, 'dist', '.tsbuildinfo')))
  if (unbuilt.length > 0) await run(tool('tsc', '-b', ...unbuilt), { capture: () => {} })
}

/** Builds what is in folders and all that it needs, silently unless it fails. */
export async function buildQuietly(...folders) {
  await compile(folders)
  await runQuietly(build(...folders.map((folder) => `--filter={./${folder}}...`)), 'The build')
}

/** Builds every package, silently unless one fails; then the others are built all the same. */
export async function buildAllQuietly() {
  await compile()
  await runQuietly(build('--continue=always'), 'The build')
}
