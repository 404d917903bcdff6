import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Writes files for the test that runs, which go with it. Resolves with their paths, in the order of their names as given. */
export async function writeFiles(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'recordcast-nats-config-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const paths = Object.entries(files).map(([name, text]) => [join(folder, name), text] as const)
  await Promise.all(paths.map(([path, text]) => writeFile(path, text, { mode: 0o600 })))
  return paths.map(([path]) => path)
}
