import { toProblem } from '@recordcast/protocol/errors'
import type { Change, Clock, Running, Transport } from '@recordcast/transport'
import type { SetAside } from './snapshot.js'

/*
One board as a map, changed in batches.

Changes are gathered in `pending` as they come and applied together on the next deferred tick: 10,000 facts replayed make a few
new maps, not 10,000. `synced` resolves once the whole replay is applied. Facts are read when they are applied, so that a
storm of rewrites of one key is read once, and one that does not parse is set aside without a throw ever reaching the transport.
*/
export interface BoardOptions<F> {
  readonly transport: Transport
  readonly clock: Clock
  readonly board: string
  readonly read: (key: string, body: Uint8Array) => F
  /** Keys that matter here; others are passed over unread. */
  readonly keep: (key: string) => boolean
  readonly apply: (facts: ReadonlyMap<string, F>, setAside: ReadonlyMap<string, SetAside>, changed: Set<string>) => void
  readonly onError: (error: Error) => void
}

export async function openBoard<F>(options: BoardOptions<F>): Promise<Running> {
  const { board, read, keep, clock } = options
  let facts: ReadonlyMap<string, F> = new Map()
  let setAside: ReadonlyMap<string, SetAside> = new Map()
  let pending = new Map<string, Uint8Array | null>()
  let scheduled = false
  let stopped = false
  let whenSynced = (): void => undefined
  const synced = new Promise<void>((resolve) => {
    whenSynced = resolve
  })

  const applyPending = (): void => {
    scheduled = false
    if (stopped || pending.size === 0) return
    const changes = pending
    pending = new Map()
    const nextFacts = new Map(facts)
    const nextAside = new Map(setAside)
    for (const [key, body] of changes) {
      nextAside.delete(key)
      if (body === null) {
        nextFacts.delete(key)
        continue
      }
      try {
        nextFacts.set(key, read(key, body))
      } catch (error) {
        // The last good fact of this key stays in force: a newer release may have written what this one cannot read.
        const { code, message } = toProblem(error)
        nextAside.set(key, { board, key, code, message })
        options.onError(error as Error)
      }
    }
    facts = nextFacts
    setAside = nextAside
    options.apply(facts, setAside, new Set(changes.keys()))
  }

  const see = (change: Change): void => {
    if (stopped) return
    if (change.type === 'synced') {
      clock.defer(() => {
        applyPending()
        whenSynced()
      })
      return
    }
    if (!keep(change.key)) return
    pending.set(change.key, change.type === 'fact' ? change.fact.body : null)
    if (scheduled) return
    scheduled = true
    clock.defer(applyPending)
  }

  const running = await options.transport.watch(board, see, { onError: options.onError })
  await synced
  return {
    async stop() {
      stopped = true
      await running.stop()
    },
  }
}
