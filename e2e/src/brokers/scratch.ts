import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { guardedRoot } from './guardian.js'

export interface Scratch {
  /** Absolute. */
  readonly path: string
  /** Takes it away with all that is in it; a second time does nothing. */
  remove(): void
}

/** Makes an empty directory under the system's temporary one. It goes at the latest when this process ends. */
export function makeScratch(name: string): Scratch {
  const path = mkdtempSync(join(guardedRoot(), `${name}-`))
  return {
    path,
    // A process that was killed a moment ago may have left a write behind: hence the retries.
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  }
}
