import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { pnpm, runQuietly } from './run.mjs'
import { root, workspacePackages } from './workspace.mjs'

const stamp = join(root, 'node_modules', '.recordcast-install')

/** What the install depends on, as one digest. */
function digest() {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}`)
  const folders = workspacePackages().map(({ folder }) => folder)
  const manifests = ['.', ...folders].map((folder) => join(folder, 'package.json'))
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

const isCurrent = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === digest()

/** Installs what the lockfile names, unless that has been done for this lockfile, these manifests and this Node.js. */
export async function install() {
  if (isCurrent()) return
  await withLock(async () => {
    if (isCurrent()) return // whoever held the lock has done it
    console.error('Installing the packages that the lockfile names …')
    const flags = ['--frozen-lockfile', '--prefer-offline', '--config.confirm-modules-purge=false']
    await runQuietly(pnpm('install', ...flags), 'The installation')
    mkdirSync(join(root, 'node_modules'), { recursive: true })
    writeFileSync(stamp, digest())
  })
}
