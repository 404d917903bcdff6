const slabBytes = 16 * 1024
const longest = 4 * 1024
let slab = new ArrayBuffer(slabBytes)
let used = 0

/** The same bytes once more. Small ones share a piece of memory, because to make one for each costs more than the copy. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  const { length } = bytes
  if (length > longest) return new Uint8Array(bytes)
  if (used + length > slabBytes) {
    slab = new ArrayBuffer(slabBytes)
    used = 0
  }
  const copy = new Uint8Array(slab, used, length)
  copy.set(bytes)
  used += length
  return copy
}
