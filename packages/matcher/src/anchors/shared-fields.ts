import type { Parsed } from '../parse/leaf.js'
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
    acquire(parsed) {
      const paths = new Map(parsed.branches.flatMap((branch) => branch.map((leaf) => [leaf.name, leaf.path] as const)))
      const key = JSON.stringify([...paths.keys()])
      const known = shared.get(key)
      if (known !== undefined) {
        known.patterns++
        return known
      }
      const slotOf = new Map([...paths].map(([name, path]) => [name, tree.acquire(path)]))
      const fields = { key, paths: [...paths.values()], slotOf, patterns: 1 }
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
