import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { exam } from './exam.mjs'
import { install } from './install.mjs'
import { withLock } from './lock.mjs'
import { checkPackages } from './packages.mjs'
import { build, buildQuietly, compile, knip, lint, typecheckAll } from './programs.mjs'
import { Failure, node, run } from './run.mjs'
import { test } from './test.mjs'
import { publishedPackages, root } from './workspace.mjs'

/** Installs, then runs one tool with the arguments that the command was given. */
const tooled =
  (program, ...before) =>
  async (args) => {
    await install()
    return run(program(...before, ...args))
  }

/** Installs, builds a package with all that it needs, and runs its program; the lock is held for the build alone. */
const built =
  (folder, main, ...flags) =>
  async (args) => {
    const program = `${folder}/dist/${main}`
    await withLock(async () => {
      await install()
      await buildQuietly(folder)
    })
    if (!existsSync(join(root, program)))
      throw new Failure(`There is no ${program}; its source has not been written yet.`)
    return run(node(...flags, program, ...args))
  }

async function buildAll(args) {
  return withLock(async () => {
    await install()
    await compile()
    return run(build(...args))
  })
}

async function typecheck(args) {
  await install()
  await typecheckAll(...args)
  return 0
}

async function packages() {
  return withLock(async () => {
    await install()
    await buildQuietly(...publishedPackages().map(({ folder }) => folder))
    const complaints = await checkPackages()
    for (const complaint of complaints) console.error(complaint)
    return complaints.length === 0 ? 0 : 1
  })
}

/** Every command with a line of help. `run` takes the arguments after the name and answers with an exit code. */
export const commands = {
  start: {
    what: 'builds and runs the demo; `npm start -- --follow` keeps it going',
    run: built('apps/demo', 'main.js'),
  },
  test: { what: 'builds, lints, type-checks and runs every test', run: test },
  build: { what: 'builds every package into its dist', run: buildAll },
  lint: { what: 'checks style and formatting', run: tooled(lint) },
  format: { what: 'mends what lint can mend by itself', run: tooled(lint, '--write') },
  typecheck: { what: 'checks the types of sources, tests and the page', run: typecheck },
  knip: { what: 'looks for unused files, exports and dependencies', run: tooled(knip) },
  packages: { what: 'packs every published package and examines the tarballs', run: packages },
  exam: {
    what: 'runs the tests of the drivers, against other brokers where RECORDCAST_RABBITMQ and RECORDCAST_NATS_SERVER name them',
    run: exam,
  },
  sim: {
    what: 'runs the seeded simulation with the arguments after `--`',
    run: built('e2e', 'simulation/run.js'),
  },
  bench: {
    what: 'measures the hot paths beside what a user would otherwise write; `npm run bench -- match`',
    run: built('apps/bench', 'main.js', '--expose-gc'),
  },
  soak: {
    what: 'runs the long forms of the fault scenarios; `npm run soak -- --scenario 1 --broker nats`',
    run: built('e2e', 'faults/soak.js'),
  },
}
