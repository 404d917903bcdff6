/*
The facts of a board, one state after the other. The newest state has the map; a state that was followed by another knows what the next one changed,
and asks on. So a change costs what it changes and not what stands, and a state that is held stays what it was. States that nobody holds are forgotten.
*/

/** One state, which never changes. */
export class Facts<F> implements ReadonlyMap<string, F> {
  readonly size: number
  /** The newest state's own; undefined once there is a newer one. */
  #map: Map<string, F> | undefined
  #newer: Facts<F> | undefined
  /** What stood here under keys that newer states changed; undefined: nothing did. */
  #otherwise = new Map<string, F | undefined>()

  /** @param map not to be changed by anybody else from now on */
  constructor(map: Map<string, F> = new Map()) {
    this.#map = map
    this.size = map.size
  }

  /** The state that comes after the newest one. @param changes undefined: the fact is gone */
  next(changes: ReadonlyMap<string, F | undefined>): Facts<F> {
    const map = this.#map
    if (map === undefined) throw new Error('Only the newest state is followed by another')
    for (const [key, fact] of changes) {
      this.#otherwise.set(key, map.get(key))
      if (fact === undefined) map.delete(key)
      else map.set(key, fact)
    }
    const newer = new Facts(map)
    this.#map = undefined
    this.#newer = newer
    return newer
  }

  get(key: string): F | undefined {
    if (this.#map !== undefined) return this.#map.get(key)
    const { map, otherwise } = this.#look()
    return otherwise.has(key) ? otherwise.get(key) : map.get(key)
  }

  has(key: string): boolean {
    return this.get(key) !== undefined
  }

  keys(): MapIterator<string> {
    // A list of its own: whoever stops on the way through goes on through the same state.
    if (this.#map !== undefined) return [...this.#map.keys()].values()
    return this.#list()
      .map(([key]) => key)
      .values()
  }

  values(): MapIterator<F> {
    if (this.#map !== undefined) return [...this.#map.values()].values()
    return this.#list()
      .map(([, fact]) => fact)
      .values()
  }

  entries(): MapIterator<[string, F]> {
    return (this.#map === undefined ? this.#list() : [...this.#map]).values()
  }

  [Symbol.iterator](): MapIterator<[string, F]> {
    return this.entries()
  }

  forEach(see: (fact: F, key: string, facts: ReadonlyMap<string, F>) => void): void {
    for (const [key, fact] of this.entries()) see(fact, key, this)
  }

  /** A state that is not the newest, in the order of the newest; what has gone since comes last. */
  #list(): [string, F][] {
    const { map, otherwise } = this.#look()
    const list: [string, F][] = []
    for (const [key, fact] of map) {
      const own = otherwise.has(key) ? otherwise.get(key) : fact
      if (own !== undefined) list.push([key, own])
    }
    for (const [key, fact] of otherwise) if (fact !== undefined && !map.has(key)) list.push([key, fact])
    return list
  }

  /** The newest map, and what was otherwise in this state. States between are passed over from then on. */
  #look(): { readonly map: ReadonlyMap<string, F>; readonly otherwise: ReadonlyMap<string, F | undefined> } {
    const otherwise = this.#otherwise
    let newest: Facts<F> = this
    for (let next = this.#newer; next !== undefined; next = next.#newer) {
      if (newest !== this)
        for (const [key, fact] of newest.#otherwise) if (!otherwise.has(key)) otherwise.set(key, fact)
      newest = next
    }
    this.#newer = newest
    return { map: newest.#map ?? nothing, otherwise }
  }
}

const nothing: ReadonlyMap<string, never> = new Map<string, never>()
