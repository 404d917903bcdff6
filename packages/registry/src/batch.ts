import { toProblem } from '@recordcast/protocol/errors'
import type { SetAside } from './snapshot.js'

/** What is known of a board: facts that parsed, and those that did not. */
export interface BoardPart<F> {
  readonly facts: ReadonlyMap<string, F>
  readonly setAside: ReadonlyMap<string, SetAside>
}

/** The part that comes after another one, in the making. */
export interface Batch<F> extends BoardPart<F> {
  /** Keys of facts that came, changed or went. */
  readonly changed: ReadonlySet<string>
  /** One for each fact that had to be set aside. */
  readonly errors: readonly Error[]
  /** Whether the part that comes after is another one. */
  differs(): boolean
  /** Reads a slice; false when that was all. */
  readOn(): boolean
}

export interface BatchOptions<F> {
  readonly board: string
  readonly read: (key: string, body: Uint8Array) => F
  /** The bytes last seen under each key, whether they parsed or not. Kept up to date. */
  readonly seen: Map<string, Uint8Array>
}

const factsInSlice = 100
const bytesInSlice = 256 * 1024

/** @param changes key to body; null: the fact is gone */
export function createBatch<F>(
  before: BoardPart<F>,
  changes: ReadonlyMap<string, Uint8Array | null>,
  { board, read, seen }: BatchOptions<F>,
): Batch<F> {
  const facts = new Map(before.facts)
  const setAside = new Map(before.setAside)
  const changed = new Set<string>()
  const errors: Error[] = []
  let differs = false

  const take = (key: string, body: Uint8Array | null): void => {
    const last = seen.get(key)
    if (body === null ? last === undefined : last !== undefined && Buffer.compare(last, body) === 0) return
    differs = true
    setAside.delete(key)
    if (body === null) {
      seen.delete(key)
      if (facts.delete(key)) changed.add(key)
      return
    }
    seen.set(key, body)
    try {
      facts.set(key, read(key, body))
      changed.add(key)
    } catch (error) {
      // The last good fact of this key stays in force: a newer release may have written what this one cannot read.
      const { code, message } = toProblem(error)
      setAside.set(key, { board, key, code, message })
      errors.push(error instanceof Error ? error : new Error(message))
    }
  }

  const left = changes.entries()
  return {
    ...{ facts, setAside, changed, errors },
    differs: () => differs,
    readOn() {
      for (let count = 0, bytes = 0; count < factsInSlice && bytes < bytesInSlice; count++) {
        const next = left.next()
        if (next.done) return false
        const [key, body] = next.value
        take(key, body)
        bytes += body?.length ?? 0
      }
      return true
    },
  }
}
