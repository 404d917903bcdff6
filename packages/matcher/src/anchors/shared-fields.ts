import type { Leaf, Parsed } from '../parse/leaf.js'
import type { FieldTree } from '../read/field-tree.js'
import type { Fields } from './posting.js'

/** The sets of fields that patterns read: patterns are many, such sets are few. */
export interface SharedFields {
  /** The fields of a pattern, entered in the tree. */
  acquire(parsed: Parsed): Fields
  /** One pattern less reads them. */
  release(fields: Fields): void
}

export function createSharedFields(tree: FieldTree): SharedFields {
  const shared = new Map<string, Fields>()
  return {
    acquire({ branches }) {
      const leaves = branches.length === 1 && branches[0] !== undefined ? branches[0] : distinct(branches)
      const key = keyOf(leaves)
      const known = shared.get(key)
      if (known !== undefined) {
        known.patterns++
        return known
      }
      const slotOf = new Map(leaves.map(({ name, path }) => [name, tree.acquire(path)]))
      const fields = { key, paths: leaves.map(({ path }) => path), slotOf, patterns: 1 }
      shared.set(key, fields)
      return fields
    },
    release(fields) {
      if (--fields.patterns > 0) return
      for (const path of fields.paths) tree.release(path)
      shared.delete(fields.key)
    },
  }
}

/** A leaf for each field. */
function distinct(branches: Parsed['branches']): readonly Leaf[] {
  return [...new Map(branches.flatMap((branch) => branch.map((leaf) => [leaf.name, leaf] as const))).values()]
}

/** One name alone is told from a list by what it begins with. */
function keyOf(leaves: readonly Leaf[]): string {
  const [only] = leaves
  if (leaves.length === 1 && only !== undefined) return `=${only.name}`
  return JSON.stringify(leaves.map(({ name }) => name))
}
