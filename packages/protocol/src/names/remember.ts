const longest = 256

/** A function of a text that remembers what it gave for the last few short ones, and starts anew when they are too many. */
export function remember<T extends NonNullable<unknown>>(
  compute: (text: string) => T,
  most = 256,
): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const given = compute(text)
    if (text.length > longest) return given
    if (known.size >= most) known.clear()
    known.set(text, given)
    return given
  }
}
