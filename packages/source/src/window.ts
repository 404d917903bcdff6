import { RecordcastError } from '@recordcast/protocol/errors'
import type { SourceOptions } from './options.js'

/** Bounds what is in flight, so that a stalled broker costs a bounded amount of memory. */
export interface Window {
  /** An emit begins; gives what to call when it has ended. @throws RecordcastError buffer-full */
  begin(): () => void
  /** So many bytes wait to be confirmed. @throws RecordcastError buffer-full; never for an emit that has the window to itself */
  takeBytes(bytes: number): void
  /** So many of them are through. */
  giveBytes(bytes: number): void
  /** Resolves when nothing is in flight. */
  empty(): Promise<void>
}

/** Defaults: 10,000 events, 64 MiB. */
export function createWindow({
  events: mostEvents = 10_000,
  bytes: mostBytes = 64 * 1024 * 1024,
}: SourceOptions['maxInFlight'] = {}): Window {
  let events = 0
  let bytes = 0
  let whenEmpty: (() => void)[] = []
  const full = (what: string): RecordcastError =>
    new RecordcastError('buffer-full', `${what} wait for the broker already; emit again when some are through`, {
      found: what,
    })

  const end = (): void => {
    events--
    if (events > 0) return
    const waiting = whenEmpty
    whenEmpty = []
    for (const resolve of waiting) resolve()
  }

  return {
    begin() {
      if (events >= mostEvents) throw full(`${events} events`)
      events++
      return end
    },
    takeBytes(more) {
      if (bytes > 0 && bytes + more > mostBytes) throw full(`${bytes} bytes`)
      bytes += more
    },
    giveBytes(back) {
      bytes -= back
    },
    empty: () => (events === 0 ? Promise.resolve() : new Promise((resolve) => whenEmpty.push(resolve))),
  }
}
