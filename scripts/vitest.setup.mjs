import { afterAll, beforeAll, expect } from 'vitest'

// A test that leaks fails: what keeps a process alive after the last test of a file must have been there before the first.
const watched = new Set(['Timeout', 'Immediate', 'TCPSocketWrap', 'TCPServerWrap', 'ProcessWrap', 'FSEventWrap'])
const count = () => {
  const counts = {}
  for (const kind of process.getActiveResourcesInfo()) if (watched.has(kind)) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
let before = {}
beforeAll(() => {
  before = count()
})
afterAll(async () => {
  let leaked = {}
  for (let look = 0; look < 100; look++) {
    leaked = Object.fromEntries(Object.entries(count()).filter(([kind, n]) => n > (before[kind] ?? 0)))
    if (Object.keys(leaked).length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(leaked, 'handles left behind by the tests of this file').toEqual({})
})
