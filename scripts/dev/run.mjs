import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { nestedEnvironment } from './environment.mjs'
import { root } from './workspace.mjs'

/*
Signals. Every child gets a process group of its own and hears a signal once: Ctrl-C at a terminal reaches this process
from the terminal and from npm as well, and a program that takes a second Ctrl-C for "at once" must not see two for one.
A signal that comes again later is a wish of its own and goes through. The whole group hears it, because between here
and a test there are npx, pnpm and turbo. This process ends when the child has ended, with the child's exit code.
npm runs a script through a shell that may keep a signal to itself: package.json takes it out of the way (`exec`) for the
commands that run until they are stopped, and for the others the loss of one's parent counts as a SIGTERM.
*/

/** A failure that needs no stack: `message` says what to do. */
export class Failure extends Error {
  constructor(message, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

const sameWishMs = 300
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Calls `send` once for each wish to stop, until the function that it returns is called. */
function onWish(send) {
  const last = {}
  const hear = (signal) => {
    const now = Date.now()
    if (now - (last[signal] ?? 0) > sameWishMs) send(signal)
    last[signal] = now
  }
  for (const signal of forwarded) process.on(signal, hear)
  const parent = process.ppid
  const watch = process.env.npm_lifecycle_event && setInterval(() => process.ppid !== parent && hear('SIGTERM'), 1_000)
  return () => {
    clearInterval(watch)
    for (const signal of forwarded) process.off(signal, hear)
  }
}

/** Runs `[file, ...args]` at the root and answers with its exit code; 128 + n for one that signal n has ended. */
export async function run([file, ...args], { capture, cwd = root, env = nestedEnvironment() } = {}) {
  const stdio = capture === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe']
  const child = spawn(file, args, { cwd, env, stdio, detached: process.platform !== 'win32' })
  child.stdout?.on('data', capture)
  child.stderr?.on('data', capture)
  let asked
  const hushed = onWish((signal) => {
    asked ??= signal
    try {
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal)
    } catch (error) {
      if (error.code !== 'ESRCH') throw error // it has ended by itself meanwhile
    }
  })
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (exitCode, signal) => resolve(exitCode ?? 128 + (constants.signals[signal] ?? 0)))
    })
    // A wish to stop ends this command too, whatever the child made of it; what it was doing is not finished.
    if (asked !== undefined && capture !== undefined) throw new Failure('', 128 + constants.signals[asked])
    return code
  } catch (error) {
    if (error.code === 'ENOENT') throw new Failure(`${file} was not found; it comes with Node.js and npm.`)
    throw error
  } finally {
    hushed()
  }
}

/** Runs a command whose output is of interest only when it fails: then all of it is shown and a Failure thrown. */
export async function runQuietly(command, what, options = {}) {
  const chunks = []
  const code = await run(command, { ...options, capture: (chunk) => chunks.push(chunk) })
  if (code === 0) return
  process.stderr.write(Buffer.concat(chunks))
  throw new Failure(`${what} failed with exit code ${code}; its output is above.`, code)
}

/** The command line of a Node.js program of this repository. */
export const node = (...args) => [process.execPath, ...args]

/** The command line of a program that the root's devDependencies bring, by the name of its binary. */
export function tool(name, ...args) {
  const packages = { biome: '@biomejs/biome', tsc: 'typescript', attw: '@arethetypeswrong/cli' }
  const folder = join(root, 'node_modules', packages[name] ?? name)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return node(join(folder, typeof bin === 'string' ? bin : bin[name]), ...args)
}

/** The command line of pnpm, in the version that package.json names. */
export function pnpm(...args) {
  const { packageManager } = createRequire(import.meta.url)(join(root, 'package.json'))
  return [...npx(), '--yes', '--prefer-offline', packageManager, ...args]
}

// npm tells its children where it lives; without npm (`node scripts/dev.mjs`) npx stands beside node or on the PATH.
function npx() {
  const beside = (folder) => join(folder, 'npx-cli.js')
  const node = dirname(process.execPath)
  const npm = process.env.npm_execpath
  const candidates = [
    ...(npm?.endsWith('npm-cli.js') ? [beside(dirname(npm))] : []),
    beside(join(node, '..', 'lib', 'node_modules', 'npm', 'bin')),
    beside(join(node, 'node_modules', 'npm', 'bin')),
  ]
  const found = candidates.find((path) => existsSync(path))
  if (found !== undefined) return [process.execPath, found]
  const onPath = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'npx')))
  if (!onPath) throw new Failure('npm was not found: install Node.js with npm.')
  return ['npx']
}
