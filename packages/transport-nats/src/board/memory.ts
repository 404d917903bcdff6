import type { Change, Message } from '@recordcast/transport'

interface Entry {
  readonly seq: number
  /** A removal's marker still lies on the board. */
  readonly gone: boolean
  readonly storedMs: number
}

/*
What a watcher has seen of a board, key by key, so that a list that is read again says only what is new: a fact or a marker that is
not newer than the one seen is skipped, and a key that stood and is not listed any more is gone. `storedMs` tells old markers.
*/
export class Memory {
  readonly #entries = new Map<string, Entry>()
  #listed: Set<string> | undefined

  get size(): number {
    return this.#entries.size
  }

  /** A list begins. `anew`: it is of another stream of that name, whose numbers say nothing about those seen. */
  begin(anew: boolean): void {
    this.#listed = new Set()
    if (!anew) return
    for (const [key, entry] of this.#entries) this.#entries.set(key, { ...entry, seq: 0 })
  }

  /** Notes what the board says of a key; returns the change that this is, if any. */
  note(key: string, fact: Message | undefined, seq: number, storedMs: number): Change | undefined {
    this.#listed?.add(key)
    const before = this.#entries.get(key)
    if (before !== undefined && before.seq >= seq) return undefined
    this.#entries.set(key, { seq, gone: fact === undefined, storedMs })
    if (fact !== undefined) return { type: 'fact', key, fact }
    return before === undefined || before.gone ? undefined : { type: 'gone', key }
  }

  /** The list is complete: what it left out is gone. */
  end(): Change[] {
    const listed = this.#listed ?? new Set()
    this.#listed = undefined
    const missing = [...this.#entries].filter(([key]) => !listed.has(key))
    for (const [key] of missing) this.#entries.delete(key)
    return missing.filter(([, { gone }]) => !gone).map(([key]) => ({ type: 'gone', key }))
  }

  /** Markers stored before that moment, with their numbers; forgotten here. */
  takeMarkers(beforeMs: number, most: number): { readonly key: string; readonly seq: number }[] {
    const old = [...this.#entries].filter(([, { gone, storedMs }]) => gone && storedMs < beforeMs).slice(0, most)
    for (const [key] of old) this.#entries.delete(key)
    return old.map(([key, { seq }]) => ({ key, seq }))
  }
}
