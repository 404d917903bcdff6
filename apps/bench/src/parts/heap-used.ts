/** Bytes on the heap and in buffers beside it, after all garbage is gone. */
export function heapUsed(): number {
  if (globalThis.gc === undefined) throw new Error('Without node --expose-gc the heap cannot be measured')
  globalThis.gc()
  globalThis.gc()
  const { heapUsed: objects, arrayBuffers } = process.memoryUsage()
  return objects + arrayBuffers
}
