import type { Posting } from './posting.js'

/*
Postings by the text that a value must begin with. A look-up asks once for every length that occurs, so lengths are
capped: longer texts are filed under their beginning, and verification does the rest.
*/

const longest = 32

export interface AffixTable {
  add(text: string, posting: Posting): void
  remove(text: string, posting: Posting): void
  crowd(text: string): number
  /** Visits every posting whose text the value begins with. */
  find(value: string, visit: (posting: Posting) => void): void
}

export function createAffixTable(): AffixTable {
  const byText = new Map<string, Posting[]>()
  const lengths = new Map<number, number>()

  return {
    add(text, posting) {
      const key = text.slice(0, longest)
      const bucket = byText.get(key)
      if (bucket !== undefined) {
        bucket.push(posting)
        return
      }
      byText.set(key, [posting])
      lengths.set(key.length, (lengths.get(key.length) ?? 0) + 1)
    },
    remove(text, posting) {
      const key = text.slice(0, longest)
      if (!removeFrom(byText, key, posting)) return
      const left = (lengths.get(key.length) ?? 1) - 1
      if (left === 0) lengths.delete(key.length)
      else lengths.set(key.length, left)
    },
    crowd: (text) => byText.get(text.slice(0, longest))?.length ?? 0,
    find(value, visit) {
      for (const length of lengths.keys()) {
        if (length > value.length) continue
        const bucket = byText.get(value.slice(0, length))
        if (bucket !== undefined) for (const posting of bucket) visit(posting)
      }
    },
  }
}

/** Takes a posting out of its bucket; true when the bucket went with it. */
export function removeFrom<Key>(buckets: Map<Key, Posting[]>, key: Key, posting: Posting): boolean {
  const bucket = buckets.get(key)
  if (bucket === undefined) return false
  removeOne(bucket, posting)
  return bucket.length === 0 && buckets.delete(key)
}

/** Takes one occurrence out; the order of the others is not kept. */
export function removeOne(postings: Posting[], posting: Posting): void {
  const at = postings.indexOf(posting)
  const last = postings.pop()
  if (last !== undefined && at < postings.length && at >= 0) postings[at] = last
}
