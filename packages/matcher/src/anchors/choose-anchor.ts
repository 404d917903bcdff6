import type { Branch, Probe } from '../evaluate/probe.js'
import type { Wanted } from '../leaf/wanted.js'

/**
 * The leaf by which a branch is best found: the one whose alternatives together are least crowded, weighed by how
 * selective their kinds are. Since what is there already counts, common values fill up and later patterns choose
 * rarer ones. -1: there is no such leaf. A leaf that may hold where its field is absent is none, since no value leads to it.
 *
 * @param isEligible looks at leaves once more.
 */
export function chooseAnchor(
  branch: Branch,
  costOf: (probe: Probe, wanted: Wanted) => number,
  isEligible: (probe: Probe, index: number) => boolean = () => true,
): number {
  const [only] = branch
  if (branch.length === 1 && only !== undefined) return !only.absent && isEligible(only, 0) ? 0 : -1
  let best = -1
  let lowest = Number.POSITIVE_INFINITY
  for (const [index, probe] of branch.entries()) {
    if (probe.absent || !isEligible(probe, index)) continue
    let cost = 0
    for (const wanted of probe.alternatives) cost += costOf(probe, wanted)
    if (cost < lowest) {
      best = index
      lowest = cost
    }
  }
  return best
}
