const longestName = 64
const mostNames = 1000
const mostAnswers = 3

/**
 * Up to three names that exist and are likely meant, best first: those a few typing errors away (swaps count once, upper and lower
 * case are the same), then those that hold the wanted name or are held by it. Of long names the first 64 characters
 * count, of many names the first 1,000.
 */
export function nearestNames(wanted: string, existing: Iterable<string>): string[] {
  const meant = wanted.slice(0, longestName).toLowerCase()
  const limit = meant.length < 2 ? 0 : Math.max(1, Math.round(meant.length / 3))
  const scores = new Map<string, number>()
  let seen = 0
  for (const name of existing) {
    if (++seen > mostNames) break
    const candidate = name.slice(0, longestName).toLowerCase()
    const score = distance(meant, candidate, limit)
    if (score <= limit) scores.set(name, score)
    else if (isPart(meant, candidate) || isPart(candidate, meant)) scores.set(name, limit + 1)
  }
  return [...scores]
    .sort(([a, one], [b, other]) => one - other || (a < b ? -1 : 1))
    .slice(0, mostAnswers)
    .map(([name]) => name)
}

function isPart(part: string, whole: string): boolean {
  return part.length >= 3 && whole.includes(part)
}

/** The edit distance of two texts (Levenshtein, with a swap of neighbours counted once); more than `limit` when it is larger. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1)
      next.push(cost)
      if (cost < least) least = cost
    }
    // No later row is smaller: a swap reaches one row further back, whose least is smaller by one at most, and costs one.
    if (least > limit) return least
    before = row
    row = next
  }
  return row[b.length]!
}
