/** A ring of entries: first in, first out, and back in at the front. All in constant time; it shrinks when it is empty. */
export class Deque<T> {
  #ring: (T | undefined)[] = new Array(smallest)
  #head = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  push(item: T): void {
    this.#grow()
    this.#ring[(this.#head + this.#length) & (this.#ring.length - 1)] = item
    this.#length++
  }

  unshift(item: T): void {
    this.#grow()
    this.#head = (this.#head - 1) & (this.#ring.length - 1)
    this.#ring[this.#head] = item
    this.#length++
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined
    const item = this.#ring[this.#head]
    this.#ring[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#ring.length - 1)
    this.#length--
    if (this.#length === 0 && this.#ring.length > largestKept) this.#ring = new Array(smallest)
    if (this.#length === 0) this.#head = 0
    return item
  }

  /** The item `index` places behind the front. */
  at(index: number): T | undefined {
    return index < this.#length ? this.#ring[(this.#head + index) & (this.#ring.length - 1)] : undefined
  }

  #grow(): void {
    if (this.#length < this.#ring.length) return
    const ring: (T | undefined)[] = new Array(this.#ring.length * 2)
    for (let index = 0; index < this.#length; index++) ring[index] = this.at(index)
    this.#ring = ring
    this.#head = 0
  }
}

// Powers of two, so that a mask wraps the index.
const smallest = 16
const largestKept = 4096
