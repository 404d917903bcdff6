import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root folder of the checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** @returns every package of the workspace as {folder: relative to the root, manifest: its package.json, parsed}. */
export function workspacePackages() {
  const inside = (parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)
  return [...inside('packages'), ...inside('apps'), 'e2e']
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) }))
}

/** @returns those of them that a release publishes. */
export const publishedPackages = () => workspacePackages().filter(({ manifest }) => manifest.private !== true)
