import { openRegistry } from '@recordcast/registry'
import type { Settings } from './check-options.js'
import { type Neighbours, nextNeighbours } from './neighbours.js'

/** The neighbours as they stand now; undefined if that cannot be told. */
export type Look = () => Promise<Neighbours | undefined>

/*
An event that no set seems to want is acked for good. That must not rest on the board as this instance has followed it: its
view may be behind that of the source, over a link that is slow or being mended, and then the set that the event was made for is
the very one of which it has not heard. So the board is read anew, after the event has come, before it is let go.
All who ask while one reading is under way share the next.
*/
export function createLook(settings: Settings, own: { readonly queue: string; readonly set: string }): Look {
  const { transport, clock } = settings.broker
  const keepListener = (key: string): boolean => key.startsWith(`${own.queue}/`)
  let reading: Promise<unknown> = Promise.resolve()
  let next: Promise<Neighbours | undefined> | undefined

  async function read(): Promise<Neighbours | undefined> {
    const late = new AbortController()
    const callOff = clock.after(settings.askTimeoutMs, () => late.abort())
    try {
      const registry = await openRegistry({ transport, clock, keepListener, signal: late.signal })
      await registry.stop()
      return nextNeighbours(undefined, registry.snapshot(), own, clock.now())
    } catch {
      return undefined
    } finally {
      callOff()
    }
  }

  return () => {
    next ??= reading.then(() => {
      next = undefined
      const now = read()
      reading = now
      return now
    })
    return next
  }
}
