export interface Due {
  /** Milliseconds since the epoch. */
  readonly due: number
  /** Breaks a tie: lower goes first. */
  readonly order: number
}

/** What is due soonest comes out first. */
export class Heap<T extends Due> {
  readonly #items: T[] = []

  get length(): number {
    return this.#items.length
  }

  peek(): T | undefined {
    return this.#items[0]
  }

  push(item: T): void {
    const items = this.#items
    let at = items.length
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = items[above] as T
      if (!before(item, parent)) break
      items[at] = parent
      at = above
    }
    items[at] = item
  }

  pop(): T | undefined {
    const items = this.#items
    const first = items[0]
    const last = items.pop()
    if (items.length === 0 || last === undefined) return first
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= items.length) break
      if (below + 1 < items.length && before(items[below + 1] as T, items[below] as T)) below++
      const child = items[below] as T
      if (!before(child, last)) break
      items[at] = child
      at = below
    }
    items[at] = last
    return first
  }
}

function before(one: Due, other: Due): boolean {
  return one.due < other.due || (one.due === other.due && one.order < other.order)
}
