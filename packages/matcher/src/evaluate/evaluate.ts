import type { Reading } from '../read/reading.js'
import { shortText, type Work } from '../work.js'
import type { Branch, Probe } from './probe.js'
import { inSameElement } from './same-element.js'
import { free, type Sight, sightOf } from './sight.js'

/** Gives how a leaf fares against one event; undefined when it cannot hold. */
export type Look = (probe: Probe) => Sight | undefined

/** Looks at leaves of one event, at each once however many branches share it. `isUnknown`: fields that could not be loaded. */
export function createLook(
  branches: readonly Branch[],
  reading: Reading,
  work: Work,
  isUnknown?: (slot: number) => boolean,
): Look {
  const thorough = branches.some((branch) => branch.some(({ absent }) => absent))
  const look: Look = (probe) =>
    isUnknown?.(probe.slot) ? free : sightOf(probe, reading.field(probe.slot), thorough, work)
  if (branches.length === 1) return look
  const seen = new Map<Probe, Sight | undefined>()
  return (probe) => {
    if (!seen.has(probe)) seen.set(probe, look(probe))
    return seen.get(probe)
  }
}

/** Whether all leaves of a branch hold, those under one list in the same element. It is undecided when the work is used up. */
export function branchHolds(branch: Branch, look: Look, ambiguous: boolean, work: Work): boolean {
  const sights: Sight[] = []
  for (const probe of branch) {
    const sight = look(probe)
    if (sight === undefined) return false
    if (sight !== free) sights.push(sight)
  }
  if (sights.every((sight) => sight.free)) return true
  if (sights.length === 1 && sights[0]?.present.length === 0) return true
  return inSameElement(sights, ambiguous, work)
}

/**
 * The same answer at once where every field of the branch holds one short value, or none; undefined where that is not so
 * and no leaf has failed. Nothing is counted: a pattern has too few leaves and scans for that to matter.
 *
 * @param known the leaf that holds for the only value of its field; -1: none is known to.
 */
export function holdsPlainly(branch: Branch, reading: Reading, known: number): boolean | undefined {
  let answer: true | undefined = true
  for (let at = 0; at < branch.length; at++) {
    if (at === known) continue
    const one = plainly(branch[at] as Probe, reading)
    if (one === false) return false
    if (one === undefined) answer = undefined
  }
  return answer
}

/** Whether a leaf is known at once not to hold. */
export function failsPlainly(probe: Probe, reading: Reading): boolean {
  return plainly(probe, reading) === false
}

function plainly(probe: Probe, { single, several }: Reading): boolean | undefined {
  const value = single[probe.slot]
  if (value === undefined) return probe.absent
  if (several[probe.slot] !== undefined || (typeof value === 'string' && value.length > shortText)) return undefined
  return probe.holds(value)
}
