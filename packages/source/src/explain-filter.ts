import { compilePattern, type ExplainedLeaf } from '@recordcast/matcher'
import { isSensitiveField, mask } from '@recordcast/protocol/masking'
import type { ControlAnswer } from '@recordcast/protocol/requests'
import { askFilter } from './ask-filter.js'
import type { Emitted } from './emitted.js'
import type { Entry } from './entry.js'
import { fitting, shortened } from './fitting.js'
import type { Following } from './follow.js'
import { filterView, isUnavailable, loadedImages } from './match.js'

type Told = NonNullable<Extract<ControlAnswer, { kind: 'explain' }>['filter']>
type Leaf = Told['leaves'][number]

/** A filter's leaves within the bounds of the wire. */
export interface ExplainedFilter {
  readonly told: Told
  /** Something was left out because it was too long. */
  readonly cut: boolean
}

const mostLeaves = 1024
const longest = { found: 256, name: 1024, pointer: 8192 } as const

/** A filter leaf by leaf, on the event with the links that it reads loaded; undefined if there is none. Values that are sensitive are hidden. */
export async function explainFilter(
  { filter, subscription }: Entry,
  emitted: Emitted,
  following: Following,
): Promise<ExplainedFilter | undefined> {
  if (filter === undefined) return undefined
  const compiled = filter.whole ?? compilePattern(subscription.filter)
  const { after, before } = await loadedImages(emitted, [filter], following)
  const unknown = (path: readonly string[]): boolean => isUnavailable(path, after, before)
  const view = filterView(emitted, after, before, [filter])
  const explanation = askFilter(() => compiled.evaluate(view, { unknown }))
  if (explanation === 'undecided') {
    return { told: { held: true, leaves: [], onlyInDifferentElements: false, undecided: true }, cut: false }
  }
  const { matches, leaves, onlyInDifferentElements } = explanation
  let isShortened = false
  const short = <T>(value: T, most: number): T | string => {
    if (typeof value !== 'string' || value.length <= most) return value
    isShortened = true
    return shortened(value, most)
  }
  const tell = ({ path, pointer, branch, wanted, found, ...rest }: ExplainedLeaf): Leaf => {
    const isSensitive = isSensitiveField(path, emitted.record.sensitive)
    return {
      ...rest,
      path: path.map((name) => short(name, longest.name)),
      pointer: short(pointer, longest.pointer),
      ...(branch !== undefined && { branch: short(branch, longest.pointer) }),
      wanted: [...wanted],
      found: isSensitive ? found.map(() => mask) : found.map((value) => short(value, longest.found)),
    }
  }
  const { kept, cut } = fitting(leaves.map(tell), mostLeaves)
  return { told: { held: matches, leaves: kept, onlyInDifferentElements }, cut: cut || isShortened }
}
