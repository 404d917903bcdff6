import type { Broker } from 'recordcast'
import type { Seen } from '../ledger.js'
import type { Listener } from '../sdk.js'

/** What a listener of the demo is given. */
export interface Stage {
  readonly broker: Broker
  /** Called by every handler with what it got. */
  readonly see: (service: string, event: Seen) => void
}

/** One instance of a listener of the demo: the SDK's own, and what to say of it. */
export interface Member {
  readonly service: string
  readonly purpose: string
  readonly listener: Listener
  /** The attribute maps or lists that it subscribes with, to be counted. */
  readonly asks: readonly (Readonly<Record<string, string>> | readonly string[])[]
  /** What came of its work. */
  result(): string
}

/** "bug 12, docs 3": the most frequent first. */
export function ranking(counts: ReadonlyMap<string, number>, most = 3): string {
  const ranked = [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
  return ranked.length === 0
    ? 'nothing yet'
    : ranked
        .slice(0, most)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')
}

export function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
