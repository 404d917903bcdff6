import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './workspace.mjs'

/*
One command at a time writes node_modules, dist and reports. The lock is a file with the holder's process id, made with
O_EXCL; a lock whose holder is gone is taken over. A second command waits and says for whom.
*/
const file = join(root, '.turbo', 'dev.lock')
const lookAgainMs = 200
let depth = 0

/** Runs `work` alone in this checkout. A command that holds the lock already goes straight on. */
export async function withLock(work) {
  if (depth === 0) await take()
  depth++
  try {
    return await work()
  } finally {
    depth--
    if (depth === 0) rmSync(file, { force: true })
  }
}

async function take() {
  mkdirSync(join(root, '.turbo'), { recursive: true })
  for (let told = false; ; ) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      process.on('exit', () => depth > 0 && rmSync(file, { force: true }))
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = readHolder()
    if (holder !== undefined && !isAlive(holder)) rmSync(file, { force: true })
    else {
      if (!told) console.error(`Waiting for another command in this checkout (process ${holder ?? 'unknown'}) …`)
      told = true
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
    }
  }
}

function readHolder() {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined
  } catch {
    return undefined // it was let go of in between
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
