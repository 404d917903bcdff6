import { afterAll, expect } from 'vitest'

// A test that leaks fails: after the last test of a file nothing may keep the process alive that was not there before.
// Before means here, while this module loads: later vitest's own reporting has a timer of about 100 ms going, now and then.
const watched = new Set(['Timeout', 'Immediate', 'TCPSocketWrap', 'TCPServerWrap', 'ProcessWrap', 'FSEventWrap'])
const count = () => {
  const counts = {}
  for (const kind of process.getActiveResourcesInfo()) if (watched.has(kind)) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
const before = count()

/** Whose a socket was is told by its ports, how it was left by its state. */
const sockets = () =>
  process
    ._getActiveHandles()
    .filter(({ localPort, connecting }) => localPort !== undefined || connecting)
    .map((socket) => {
      const { localPort, remotePort, readyState, readableLength, writableLength } = socket
      const paused = socket.isPaused?.() ? ', paused' : ''
      return `\n  socket ${localPort} to ${remotePort}: ${readyState}${paused}, unread ${readableLength}, unsent ${writableLength}`
    })
    .join('')

afterAll(async () => {
  let leaked = {}
  for (let look = 0; look < 100; look++) {
    leaked = Object.fromEntries(Object.entries(count()).filter(([kind, n]) => n > (before[kind] ?? 0)))
    if (Object.keys(leaked).length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(leaked, `handles left behind by the tests of this file${sockets()}`).toEqual({})
})
