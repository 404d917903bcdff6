import type { NameTree } from '../language/atom.js'

/** What field paths of a filter read in each image of a record; `$event` and `$changed` are none of it. */
export interface FieldTrees {
  readonly after: readonly NameTree[]
  readonly before: readonly NameTree[]
}

/** Field paths as name trees of the image that each reads. */
export function fieldTrees(paths: readonly (readonly string[])[]): FieldTrees {
  const trees: { after: NameTree[]; before: NameTree[] } = { after: [], before: [] }
  for (const path of paths) {
    if (path[0] === '$before') trees.before.push(treeOf(path.slice(1)))
    else if (path[0] !== '$event' && path[0] !== '$changed') trees.after.push(treeOf(path))
  }
  return trees
}

function treeOf(path: readonly string[]): NameTree {
  const leaf: NameTree = { names: new Map(), value: true, id: false }
  return path.reduceRight<NameTree>(
    (below, name) => ({ names: new Map([[name, below]]), value: false, id: false }),
    leaf,
  )
}
