/** The edit distance of two texts (Levenshtein, with a swap of neighbours counted once), or `limit + 1` when it is larger. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1)
      next.push(cost)
    }
    before = row
    row = next
  }
  return row[b.length]!
}

/** Up to three names that exist and are likely meant, best first. */
export function nearestNames(wanted: string, existing: Iterable<string>): string[] {
  const shorter = wanted.slice(0, 64).toLowerCase()
  const limit = Math.max(2, Math.floor(shorter.length / 3))
  const scored: { name: string; score: number }[] = []
  for (const name of existing) {
    const candidate = name.slice(0, 64).toLowerCase()
    let score = distance(shorter, candidate, limit)
    if (
      score > limit &&
      shorter.length >= 3 &&
      (candidate.includes(shorter) || shorter.includes(candidate)) &&
      candidate
    ) {
      score = limit
    }
    if (score <= limit) scored.push({ name, score })
  }
  scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
  return scored.slice(0, 3).map((entry) => entry.name)
}
