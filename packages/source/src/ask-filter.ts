import { RecordcastError } from '@recordcast/protocol'

/** What a filter says when it is asked; 'undecided' where that would take too long to find out here. */
export function askFilter<T>(ask: () => T): T | 'undecided' {
  try {
    return ask()
  } catch (error) {
    if (error instanceof RecordcastError && error.code === 'filter-undecided') return 'undecided'
    throw error
  }
}
