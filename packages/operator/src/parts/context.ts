import type { ListenerFact, PauseFact } from '@recordcast/protocol/control'
import type { Broker, openRegistry } from '@recordcast/registry'
import type { Asker } from './ask-many.js'
import type { inParallel } from './in-parallel.js'

/** What every question needs. */
export interface Context {
  readonly broker: Broker
  readonly registry: Awaited<ReturnType<typeof openRegistry<ListenerFact>>>
  readonly asker: Asker
  /** Through which everything goes that is asked of the broker itself. */
  readonly gate: ReturnType<typeof inParallel>
  readonly pauseOf: (queue: string) => PauseFact | undefined
}
