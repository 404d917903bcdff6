// As large as the one that Buffer.from cuts small texts from: what is kept keeps no more.
const slabBytes = 8 * 1024
/** The longest character; less than that is left only where a text may have been cut off. */
const longest = 4
/** So many characters fit into a slab, whatever they are. */
const mostTogether = Math.floor((slabBytes - longest) / 3)
let slab = Buffer.allocUnsafeSlow(slabBytes)
let used = 0

/**
 * Each text as UTF-8. Small ones stand side by side and are written together, since a call takes longer than its bytes; each costs one view, where
 * `Buffer.from` makes two (for Buffer's own ways differ from Uint8Array's, which everybody expects).
 */
export function toBytes(texts: readonly string[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  let together = ''
  let first = 0
  for (let at = 0; at < texts.length; at++) {
    const text = texts[at]!
    if (together.length + text.length > mostTogether) {
      writeTogether(together, texts, first, at, pieces)
      together = ''
      first = at
    }
    together += text
  }
  writeTogether(together, texts, first, texts.length, pieces)
  return pieces
}

/** @param together the texts from `first` up to `end`, in one */
function writeTogether(together: string, texts: readonly string[], first: number, end: number, pieces: Uint8Array[]) {
  if (first === end) return
  if (together.length > mostTogether) {
    const { buffer, byteOffset, byteLength } = Buffer.from(together)
    pieces.push(new Uint8Array(buffer, byteOffset, byteLength))
    return
  }
  const bytes = write(together)
  for (let at = first; at < end; at++) {
    const text = texts[at]!
    const length = bytes === together.length ? text.length : Buffer.byteLength(text)
    pieces.push(new Uint8Array(slab.buffer, used, length))
    used += length
  }
}

/** Writes a text at the place that is used next, in a new slab if it has to be. Gives how many bytes it is. */
function write(text: string): number {
  if (used + text.length + longest <= slabBytes) {
    const bytes = slab.write(text, used)
    if (used + bytes + longest <= slabBytes) return bytes
  }
  slab = Buffer.allocUnsafeSlow(slabBytes)
  used = 0
  return slab.write(text, 0)
}
