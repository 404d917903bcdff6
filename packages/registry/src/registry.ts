import { boards } from '@recordcast/protocol/control'
import { type Clock, systemClock, type Transport } from '@recordcast/transport'
import { openBoard } from './board.js'
import { readListenerFact, readSourceFact } from './read-fact.js'
import { type Difference, emptySnapshot, type SetAside, type Snapshot } from './snapshot.js'

export interface RegistryOptions {
  readonly transport: Transport
  /** Default the machine's. */
  readonly clock?: Clock
  /** Which keys of the board `listeners` to read; default all. */
  readonly keepListener?: (key: string) => boolean
  /** Told of every fact that had to be set aside. */
  readonly onSetAside?: (error: Error) => void
}

/** What was announced on both boards, followed live. */
export interface Registry {
  snapshot(): Snapshot
  /** Called after each change with the snapshots before and after. Returns the way to end it. Must not throw. */
  onChange(see: (difference: Difference) => void): () => void
  /** Resolves true once a snapshot satisfies `holds`, at once if the present one does; false after `timeoutMs`. */
  until(holds: (snapshot: Snapshot) => boolean, timeoutMs: number): Promise<boolean>
  stop(): Promise<void>
}

/** Opens both boards and resolves when everything that stood on them has been taken in. */
export async function openRegistry(options: RegistryOptions): Promise<Registry> {
  const { transport, clock = systemClock, keepListener = () => true, onSetAside = () => undefined } = options
  let current = emptySnapshot
  const watchers = new Set<(difference: Difference) => void>()
  const asides = new Map<string, ReadonlyMap<string, SetAside>>()

  const swap = (board: string, part: Partial<Snapshot>, aside: ReadonlyMap<string, SetAside>, changed: Set<string>) => {
    const before = current
    asides.set(board, aside)
    const setAside = new Map<string, SetAside>()
    for (const [name, map] of asides) for (const [key, value] of map) setAside.set(`${name}:${key}`, value)
    current = { ...before, ...part, setAside, revision: before.revision + 1 }
    const none = new Set<string>()
    const ofListeners = board === boards.listeners
    const difference: Difference = {
      before,
      after: current,
      listeners: ofListeners ? changed : none,
      sources: ofListeners ? none : changed,
    }
    for (const see of [...watchers]) see(difference)
  }

  const shared = { transport, clock, onError: onSetAside }
  const openings = await Promise.allSettled([
    openBoard({
      ...shared,
      board: boards.listeners,
      read: readListenerFact,
      keep: keepListener,
      apply: (listeners, aside, changed) => swap(boards.listeners, { listeners }, aside, changed),
    }),
    openBoard({
      ...shared,
      board: boards.sources,
      read: readSourceFact,
      keep: () => true,
      apply: (sources, aside, changed) => swap(boards.sources, { sources }, aside, changed),
    }),
  ])
  const opened = openings.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failed = openings.find((result) => result.status === 'rejected')
  if (failed) {
    await Promise.allSettled(opened.map((running) => running.stop()))
    throw failed.reason
  }
  const waiting = new Set<() => void>()

  return {
    snapshot: () => current,
    onChange(see) {
      watchers.add(see)
      return () => void watchers.delete(see)
    },
    until(holds, timeoutMs) {
      if (holds(current)) return Promise.resolve(true)
      return new Promise((resolve) => {
        const end = (held: boolean): void => {
          callOff()
          watchers.delete(look)
          waiting.delete(giveUp)
          resolve(held)
        }
        const look = (): void => {
          if (holds(current)) end(true)
        }
        const giveUp = (): void => end(false)
        const callOff = clock.after(timeoutMs, giveUp)
        watchers.add(look)
        waiting.add(giveUp)
      })
    },
    async stop() {
      watchers.clear()
      for (const giveUp of [...waiting]) giveUp()
      await Promise.all(opened.map((running) => running.stop()))
    },
  }
}
