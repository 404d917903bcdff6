import { isDeepStrictEqual } from 'node:util'
import { toProblem } from '@recordcast/protocol/errors'
import { Facts } from './facts.js'
import type { SetAside } from './snapshot.js'

/** What is known of a board: facts that parsed, and those that did not. */
export interface BoardPart<F> {
  readonly facts: Facts<F>
  readonly setAside: ReadonlyMap<string, SetAside>
}

/** The part that comes after another one, in the making. */
export interface Batch<F> {
  /** Facts that came, changed or went; undefined: it went. */
  readonly changes: ReadonlyMap<string, F | undefined>
  /** One for each fact that had to be set aside. */
  readonly errors: readonly Error[]
  /** The part that comes after; undefined: it is the same. Once, when all has been read. */
  end(): BoardPart<F> | undefined
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

/** @param pending key to body; null: the fact is gone */
export function createBatch<F>(
  before: BoardPart<F>,
  pending: ReadonlyMap<string, Uint8Array | null>,
  { board, read, poison }: BatchOptions<F>,
): Batch<F> {
  const changes = new Map<string, F | undefined>()
  const errors: Error[] = []
  let setAside: Map<string, SetAside> | undefined

  const put = (key: string, body: Uint8Array): void => {
    const bad = poison.get(key)
    if (bad !== undefined && Buffer.compare(bad, body) === 0) return
    try {
      const fact = read(key, body)
      leave(key)
      if (!isDeepStrictEqual(before.facts.get(key), fact)) changes.set(key, fact)
    } catch (error) {
      // The last good fact of this key stays in force: a newer release may have written what this one cannot read.
      const { code, message } = toProblem(error)
      poison.set(key, body)
      setAside ??= new Map(before.setAside)
      setAside.set(key, { board, key, code, message })
      errors.push(error instanceof Error ? error : new Error(message))
    }
  }
  /** Nothing stands set aside under the key any more. */
  const leave = (key: string): void => {
    if (!poison.delete(key)) return
    setAside ??= new Map(before.setAside)
    setAside.delete(key)
  }
  const take = (key: string, body: Uint8Array | null): void => {
    if (body !== null) {
      put(key, body)
      return
    }
    leave(key)
    if (before.facts.has(key)) changes.set(key, undefined)
  }

  const left = pending.entries()
  return {
    ...{ changes, errors },
    end() {
      if (changes.size === 0 && setAside === undefined) return undefined
      return { facts: factsAfter(before.facts, changes), setAside: setAside ?? before.setAside }
    },
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

function factsAfter<F>(before: Facts<F>, changes: Map<string, F | undefined>): Facts<F> {
  if (changes.size === 0) return before
  // The first facts of all: nothing can have gone.
  return before.size === 0 ? new Facts(changes as Map<string, F>) : before.next(changes)
}
