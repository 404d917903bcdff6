import { boards, type ListenerFact } from '@recordcast/protocol/control'
import { RecordcastError } from '@recordcast/protocol/errors'
import { type Clock, type Running, systemClock, type Transport } from '@recordcast/transport'
import { openBoard } from './board.js'
import { readListenerFact, readPauseFact, readSourceFact } from './read-fact.js'
import { type Difference, emptySnapshot, type SetAside, type Snapshot } from './snapshot.js'
import { createWatchers } from './watchers.js'

export interface RegistryOptions<L = ListenerFact> {
  readonly transport: Transport
  /** Default the machine's. */
  readonly clock?: Clock
  /** Which keys of the board `listeners` to read; default all. Must not throw. */
  readonly keepListener?: (key: string) => boolean
  /** What to keep of a listener's fact; default all of it. Pure, and must not throw. */
  readonly shortenListener?: (fact: ListenerFact) => L
  /** Follows the board `pauses` as well, and says which queues to read there. Absent: that board is not opened. Must not throw. */
  readonly keepPause?: (queue: string) => boolean
  /** Told of every fact that had to be set aside, of what the transport reports, and of an `onChange` that threw. */
  readonly onSetAside?: (error: Error) => void
  /** Gives up opening, which has no time limit of its own: a broker may be away for long. Later it does nothing. */
  readonly signal?: AbortSignal
}

type Board = (typeof boards)[keyof typeof boards]

/** What was announced on the boards, followed live. */
export interface Registry<L = ListenerFact> {
  snapshot(): Snapshot<L>
  /**
   * Called after each change with the snapshots before and after. Returns the way to end it. Should not throw; one that does is
   * reported and keeps no other from hearing.
   */
  onChange(see: (difference: Difference<L>) => void): () => void
  /**
   * Resolves true once a snapshot satisfies `holds`, at once if the present one does; false after `timeoutMs`, and when the
   * registry is stopped. Rejects with what `holds` throws.
   */
  until(holds: (snapshot: Snapshot<L>) => boolean, timeoutMs: number): Promise<boolean>
  /** Follows no more; the last snapshot stays. Called twice it resolves twice. */
  stop(): Promise<void>
}

/**
 * Opens the boards and resolves when everything that stood on them has been taken in. Rejects with the first error of the
 * transport, or with `stopped` once the signal is aborted; then nothing is left open.
 */
export async function openRegistry<L = ListenerFact>(options: RegistryOptions<L>): Promise<Registry<L>> {
  const { transport, clock = systemClock, keepListener = () => true, keepPause, onSetAside = () => undefined } = options
  const onError = (error: Error): void => {
    try {
      onSetAside(error)
    } catch {
      // Whoever is told has thrown; there is nobody else to tell, and the boards go on.
    }
  }
  const watchers = createWatchers<L>(clock, onError)
  let current: Snapshot<L> = emptySnapshot()
  const asides = new Map<string, ReadonlyMap<string, SetAside>>()

  const swap = (part: Partial<Snapshot<L>>, changed: Partial<Difference<L>>): void => {
    const before = current
    current = Object.freeze({ ...before, ...part, revision: before.revision + 1 })
    watchers.tell({ before, after: current, listeners: new Set(), sources: new Set(), pauses: new Set(), ...changed })
  }

  const failed = new AbortController()
  const giveUp = (): void => failed.abort(new RecordcastError('stopped', 'The registry was stopped while it opened'))
  if (options.signal?.aborted) giveUp()
  options.signal?.addEventListener('abort', giveUp)
  const shared = { transport, clock, onError, signal: failed.signal }
  const follow = <F>(
    board: Board,
    read: (key: string, body: Uint8Array) => F,
    keep: (key: string) => boolean,
    part: (facts: ReadonlyMap<string, F>) => Partial<Snapshot<L>>,
  ): Promise<Running> =>
    openBoard<F>({
      ...{ ...shared, board, read, keep },
      apply: ({ facts, setAside }, changed) => {
        const same = asides.get(board) === setAside
        asides.set(board, setAside)
        swap({ ...part(facts), ...(!same && { setAside: allOf(asides.values()) }) }, { [board]: changed })
      },
    })
  const { shortenListener } = options
  const readListener = (key: string, body: Uint8Array): L => {
    const fact = readListenerFact(key, body)
    return shortenListener === undefined ? (fact as L) : shortenListener(fact)
  }
  const openings = [
    follow(boards.listeners, readListener, keepListener, (listeners) => ({ listeners })),
    follow(
      boards.sources,
      readSourceFact,
      () => true,
      (sources) => ({ sources }),
    ),
  ]
  if (keepPause !== undefined) openings.push(follow(boards.pauses, readPauseFact, keepPause, (pauses) => ({ pauses })))
  let opened: readonly Running[]
  try {
    opened = await Promise.all(openings)
  } catch (error) {
    // Another board may still replay, for ever if the link is gone.
    failed.abort(error)
    await Promise.allSettled(openings.map(async (opening) => (await opening).stop()))
    throw error
  } finally {
    options.signal?.removeEventListener('abort', giveUp)
  }

  return {
    snapshot: () => current,
    onChange: (see) => watchers.add(see),
    until: (holds, timeoutMs) => watchers.until(current, holds, timeoutMs),
    async stop() {
      watchers.end()
      await Promise.all(opened.map((running) => running.stop()))
    },
  }
}

function allOf(asides: Iterable<ReadonlyMap<string, SetAside>>): ReadonlyMap<string, SetAside> {
  const all = new Map<string, SetAside>()
  for (const aside of asides) for (const each of aside.values()) all.set(`${each.board}:${each.key}`, each)
  return all
}
