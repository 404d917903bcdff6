import type { CompiledPattern } from '@recordcast/matcher'
import { RecordcastError } from '@recordcast/protocol'
import type { JsonObject } from '@recordcast/protocol/names'

/** Whether a filter matches; 'undecided' where that would take too long to find out here. */
export function askFilter(
  filter: CompiledPattern,
  view: JsonObject,
  unknown: (path: readonly string[]) => boolean,
): boolean | 'undecided' {
  try {
    return filter.matches(view, { unknown })
  } catch (error) {
    if (error instanceof RecordcastError && error.code === 'filter-undecided') return 'undecided'
    throw error
  }
}
