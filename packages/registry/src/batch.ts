import { isDeepStrictEqual } from 'node:util'
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
  /** What was set aside, by key. Kept up to date. */
  readonly poison: Map<string, Uint8Array>
}

const factsInSlice = 100
const bytesInSlice = 256 * 1024

/** @param changes key to body; null: the fact is gone */
export function createBatch<F>(
  before: BoardPart<F>,
  changes: ReadonlyMap<string, Uint8Array | null>,
  { board, read, poison }: BatchOptions<F>,
): Batch<F> {
  const facts = new Map(before.facts)
  const setAside = new Map(before.setAside)
  const changed = new Set<string>()
  const errors: Error[] = []
  let differs = false

  const put = (key: string, body: Uint8Array): void => {
    const bad = poison.get(key)
    if (bad !== undefined && Buffer.compare(bad, body) === 0) return
    try {
      const fact = read(key, body)
      leave(key)
      if (isDeepStrictEqual(facts.get(key), fact)) return
      facts.set(key, fact)
      changed.add(key)
    } catch (error) {
      // The last good fact of this key stays in force: a newer release may have written what this one cannot read.
      const { code, message } = toProblem(error)
      poison.set(key, body)
      setAside.set(key, { board, key, code, message })
      errors.push(error instanceof Error ? error : new Error(message))
    }
    differs = true
  }
  /** Nothing stands set aside under the key any more. */
  const leave = (key: string): void => {
    poison.delete(key)
    if (setAside.delete(key)) differs = true
  }
  const take = (key: string, body: Uint8Array | null): void => {
    if (body !== null) {
      put(key, body)
      return
    }
    leave(key)
    if (!facts.delete(key)) return
    changed.add(key)
    differs = true
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
