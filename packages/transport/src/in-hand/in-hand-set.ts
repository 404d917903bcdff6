import { InHandMap } from './in-hand-map.js'

/** A Set of what is in hand: InHandMap without values. */
export class InHandSet<T> {
  readonly #all = new InHandMap<T, true>()

  get size(): number {
    return this.#all.size
  }

  has(entry: T): boolean {
    return this.#all.has(entry)
  }

  add(entry: T): void {
    this.#all.set(entry, true)
  }

  /** Whether it was there. */
  delete(entry: T): boolean {
    return this.#all.delete(entry)
  }

  clear(): void {
    this.#all.clear()
  }

  /** In the order of coming. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.#all.keys().values()
  }

  /** In the order of coming, without a copy; `see` takes nothing away. Ends where it gives false. */
  each(see: (entry: T) => boolean): void {
    this.#all.each((_, entry) => see(entry))
  }

  /** The one that came first. */
  get first(): T | undefined {
    let first: T | undefined
    this.each((entry) => {
      first = entry
      return false
    })
    return first
  }
}
