/** What must have happened in a whole run, or the run was too weak to mean anything. */
export const mustHappen = [
  'redelivery',
  'refusal',
  'union of two generations served',
  'message handed back to the other generation',
  'old fact withdrawn after its last instance went',
  'perhaps-filter decided by the listener',
  'attribute completed later',
  'duplicate suppressed',
  'publish retried',
  'confirm lost',
  'parked',
  'replayed',
  'listener offline while source restarted',
  'source and listener started at the same instant',
  'crash in the middle of emit',
  'crash in the middle of start',
  'control message dropped',
  'control message duplicated',
  'control message delayed',
  'control message reordered',
  'cached link invalidated',
  'unsubscribe',
  'suppressed by filter',
  'suppressed by tenant',
  'suppressed as unchanged',
  'bus restarted',
  'restarted as the same object',
  'paused',
  'queue deleted underneath',
  'board emptied',
  'verdict lost',
  'loader failed',
  'loader timed out',
  'emit rejected',
  'event that must be received',
  'event whose order was checked',
] as const

export type Counter =
  | (typeof mustHappen)[number]
  | 'emit'
  | 'emit resolved'
  | 'handled'
  | 'handler failed'
  | 'start failed'

export type Counters = Map<Counter, number>

export function add(to: Counters, counter: Counter, by = 1): void {
  if (by > 0) to.set(counter, (to.get(counter) ?? 0) + by)
}

export function sum(all: Iterable<Counters>): Counters {
  const total: Counters = new Map()
  for (const counters of all) for (const [counter, count] of counters) add(total, counter, count)
  return total
}

/** What never happened. */
export function missingFrom(total: Counters): readonly Counter[] {
  return mustHappen.filter((counter) => !total.has(counter))
}
