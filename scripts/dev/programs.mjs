import { pnpm, runQuietly, tool } from './run.mjs'

// The command lines of the tools, each in one place. They need the install to be done.
export const lint = (...args) => tool('biome', 'check', '--error-on-warnings', ...args)
export const typecheck = (...args) => tool('tsc', '-p', 'scripts/tsconfig.check.json', ...args)
export const knip = (...args) => tool('knip', '--no-progress', ...args)

/** Turbo runs a task in every package that has it; dist comes from its cache where nothing has changed. */
export const turbo = (task, ...args) =>
  pnpm('exec', 'turbo', 'run', task, '--ui=stream', '--log-order=grouped', '--log-prefix=none', ...args)

export const build = (...args) => turbo('build', '--concurrency=2', ...args)

/** Builds what a filter names, silently unless it fails. */
export const buildQuietly = (...filters) =>
  runQuietly(build(...filters.map((filter) => `--filter=${filter}`)), 'The build')
