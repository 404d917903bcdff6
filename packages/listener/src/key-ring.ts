/*
The last `max` keys. They lie in a ring, a new one over the oldest, and a hash table leads to them: each bucket is a chain through the ring, newest first, so
that the oldest key is the last of its chain and is cut off there. A Map would cost every delivery twice as much: it lets go of
what was deleted only when it is built anew, and ten listeners' Maps do not fit a core's cache.

The hash begins at random, so that nobody can choose ids that fall into one bucket.
*/
export class KeyRing {
  readonly #max: number
  readonly #seed = (Math.random() * 2 ** 32) | 0
  readonly #keys: string[] = []
  /** Of each place the hash of its key, and the next place of its chain + 1; 0 ends it. */
  #links: Int32Array
  /** The first place of each chain + 1. */
  #heads: Int32Array
  #next = 0
  // What is put was nearly always looked for just before.
  #lastKey = ''
  #lastHash = 0

  constructor(max: number) {
    this.#max = max
    this.#links = new Int32Array(2 * Math.min(max, 1024))
    this.#heads = new Int32Array(bucketsFor(this.#links))
    this.#lastHash = this.#seed
  }

  /** The place of the key, where it was put last; -1 when it is not here. */
  find(key: string): number {
    const hash = this.#hash(key)
    const links = this.#links
    for (let at = this.#heads[hash & (this.#heads.length - 1)]!; at > 0; at = links[2 * at - 1]!) {
      if (links[2 * at - 2] === hash && this.#keys[at - 1] === key) return at - 1
    }
    return -1
  }

  /** Puts the key over the oldest and gives its place, 0 to max - 1. It may be here already: then it is twice, and the older one grows old. */
  put(key: string): number {
    const place = this.#next
    if (place < this.#keys.length) this.#cut(place)
    else if (2 * place === this.#links.length) this.#grow()
    this.#keys[place] = key
    this.#enchain(place, this.#hash(key))
    this.#next = place + 1 === this.#max ? 0 : place + 1
    return place
  }

  #enchain(place: number, hash: number): void {
    const bucket = hash & (this.#heads.length - 1)
    this.#links[2 * place] = hash
    this.#links[2 * place + 1] = this.#heads[bucket]!
    this.#heads[bucket] = place + 1
  }

  /** Takes a place out of its chain. */
  #cut(place: number): void {
    const links = this.#links
    const bucket = links[2 * place]! & (this.#heads.length - 1)
    let at = this.#heads[bucket]! - 1
    if (at === place) {
      this.#heads[bucket] = links[2 * place + 1]!
      return
    }
    while (links[2 * at + 1] !== place + 1) at = links[2 * at + 1]! - 1
    links[2 * at + 1] = links[2 * place + 1]!
  }

  /** While it has never been full, the places are in the order in which they were taken. */
  #grow(): void {
    const before = this.#links
    this.#links = new Int32Array(Math.min(2 * before.length, 2 * this.#max))
    this.#heads = new Int32Array(bucketsFor(this.#links))
    for (let place = 0; 2 * place < before.length; place++) this.#enchain(place, before[2 * place]!)
  }

  #hash(key: string): number {
    if (key === this.#lastKey) return this.#lastHash
    let hash = this.#seed
    for (let at = 0; at < key.length; at++) {
      hash = Math.imul(hash ^ key.charCodeAt(at), 0x5bd1e995)
      hash ^= hash >>> 15
    }
    this.#lastKey = key
    this.#lastHash = hash
    return hash
  }
}

/** A power of two, one to two for each place. */
function bucketsFor(links: Int32Array): number {
  return 2 ** Math.ceil(Math.log2(links.length / 2))
}
