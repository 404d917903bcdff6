import { createHash } from 'node:crypto'

/** All atoms of several lists, sorted, each once. */
export function unionOf(...lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].sort()
}

/** A short text that is the same for the same set of atoms, whatever their order: 96 bits of SHA-256 in base64url. */
export function digestOf(atoms: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify(unionOf(atoms)))
    .digest('base64url')
    .slice(0, 16)
}
