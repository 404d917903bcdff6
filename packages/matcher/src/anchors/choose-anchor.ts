import type { Wanted } from '../leaf/wanted.js'
import type { Leaf } from '../parse/leaf.js'

/**
 * The leaf by which a branch is best found: the one whose alternatives together are least crowded, weighed by how
 * selective their kinds are. Since what is there already counts, common values fill up and later patterns choose
 * rarer ones. undefined: every leaf may hold where its field is absent, so no value leads to the branch.
 */
export function chooseAnchor(
  branch: readonly Leaf[],
  costOf: (leaf: Leaf, wanted: Wanted) => number,
): Leaf | undefined {
  let best: Leaf | undefined
  let lowest = Number.POSITIVE_INFINITY
  for (const leaf of branch) {
    if (leaf.absent) continue
    let cost = 0
    for (const wanted of leaf.alternatives) cost += costOf(leaf, wanted)
    if (cost < lowest) {
      best = leaf
      lowest = cost
    }
  }
  return best
}
