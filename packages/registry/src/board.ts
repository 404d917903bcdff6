import type { Change, Clock, Running, Transport } from '@recordcast/transport'
import { type Batch, type BatchOptions, type BoardPart, createBatch } from './batch.js'
import { Facts } from './facts.js'

/*
One board as a map, changed in batches.

replaying   Changes gather in `pending`. 'synced' makes them the first batch: one new map, however many facts stood.
live        Changes gather for one deferred tick and are a batch. What comes while a batch is read is the next.
stopped     Nothing is read or applied any more.

A batch is read in slices, one a tick, so that a storm of announcements holds up nothing else, and is applied when all of it is
read. A key that changed several times meanwhile is read once. A fact that comes again and says the same, as after a
reconnect, is no change, and a batch without a change is not applied.
*/
export interface BoardOptions<F> extends Pick<BatchOptions<F>, 'board' | 'read'> {
  readonly transport: Transport
  readonly clock: Clock
  /** Keys that matter here; others are passed over unread. */
  readonly keep: (key: string) => boolean
  /** Told of each batch, with the keys of the facts that came, changed or went. Must not throw. */
  readonly apply: (part: BoardPart<F>, changed: ReadonlySet<string>) => void
  /** Must not throw. */
  readonly onError: (error: Error) => void
  /** Gives up opening: what was begun ends, and opening rejects with the signal's reason at once. */
  readonly signal: AbortSignal
}

/** Resolves when everything that stood on the board has been applied. */
export async function openBoard<F>(options: BoardOptions<F>): Promise<Running> {
  const { transport, board, keep, clock, onError, signal } = options
  signal.throwIfAborted()
  const batchOptions = { ...options, poison: new Map<string, Uint8Array>() }
  let part: BoardPart<F> = { facts: new Facts(), setAside: new Map() }
  let pending = new Map<string, Uint8Array | null>()
  let live = false
  let reading = false
  let stopped = false
  let whenReplayed = (): void => undefined
  const replayed = new Promise<void>((resolve) => {
    whenReplayed = resolve
  })

  const see = (change: Change): void => {
    if (stopped) return
    if (change.type === 'synced') live = true
    else if (keep(change.key)) pending.set(change.key, change.type === 'fact' ? change.fact.body : null)
    else return
    if (live && !reading) begin()
  }
  const begin = (): void => {
    reading = true
    clock.defer(() => {
      const batch = createBatch(part, pending, batchOptions)
      pending = new Map()
      readOn(batch)
    })
  }
  const readOn = (batch: Batch<F>): void => {
    if (stopped) return
    if (batch.readOn()) {
      clock.defer(() => readOn(batch))
      return
    }
    reading = false
    if (pending.size > 0) begin()
    const changed = new Set(batch.changes.keys())
    const after = batch.end()
    if (after !== undefined) {
      part = after
      options.apply(part, changed)
    }
    for (const error of batch.errors) onError(error)
    whenReplayed()
  }

  const watching = transport.watch(board, see, { onError })
  let giveUp = (): void => undefined
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason)
    signal.addEventListener('abort', giveUp)
  })
  try {
    const [running] = await Promise.race([Promise.all([watching, replayed]), givenUp])
    return {
      async stop() {
        stopped = true
        await running.stop()
      },
    }
  } catch (error) {
    stopped = true
    // The watch may come to stand only later, or never.
    watching.then(
      (late) => late.stop().catch(onError),
      () => undefined,
    )
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
