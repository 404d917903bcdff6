/** The last `most` keys that were set, each with its value; the one that was set longest ago is forgotten first. */
export class Last<V> {
  readonly #most: number
  readonly #values = new Map<string, V>()
  // One iterator for good: a new one would step over all that was deleted before it. It gives each key just before that is deleted.
  readonly #oldest = this.#values.keys()

  constructor(most: number) {
    this.#most = most
  }

  get(key: string): V | undefined {
    return this.#values.get(key)
  }

  set(key: string, value: V): void {
    const before = this.#values.size
    this.#values.set(key, value)
    if (this.#values.size === before) {
      // It was there: now it is the youngest.
      this.#values.delete(key)
      this.#values.set(key, value)
    }
    if (this.#values.size <= this.#most) return
    const { value: oldest } = this.#oldest.next()
    if (oldest !== undefined) this.#values.delete(oldest)
  }

  delete(key: string): void {
    this.#values.delete(key)
  }

  get size(): number {
    return this.#values.size
  }
}
