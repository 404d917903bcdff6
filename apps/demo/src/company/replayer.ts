import type { Broker } from 'recordcast'
import { createForge } from '../forge.js'
import { countOne } from '../listeners/member.js'
import { readPayloads } from '../payloads.js'
import { cuesOf, type Expect, replay } from '../replay.js'
import { createStore } from '../store.js'
import type { Replayer } from './company.js'

export interface ReplayerOptions {
  readonly broker: Broker
  /** How many payloads are replayed; default all. */
  readonly payloads?: number
  readonly expect: Expect
}

/** The source of the demo in this process. */
export function createReplayer({ broker, payloads: most, expect }: ReplayerOptions): Replayer {
  const payloads = readPayloads().slice(0, most)
  const cues = cuesOf(payloads)
  const store = createStore(payloads)
  const forge = createForge(broker, store)
  const ending = new AbortController()
  return {
    async start() {
      const from = performance.now()
      await forge.start()
      const ms = performance.now() - from
      const taken = new Map<string, number>()
      for (const { service } of forge.stats().listeners) countOne(taken, service)
      return { ms, events: cues.length, taken: Object.fromEntries(taken) }
    },
    play: ({ from, to, eventsPerSecond }) =>
      replay(cues.slice(from, to), {
        forge,
        store,
        expect,
        signal: ending.signal,
        ...(eventsPerSecond !== undefined && { eventsPerSecond }),
      }),
    halt: async () => ending.abort(),
    account: async () => ({ stats: forge.stats(), store: store.stats() }),
    leave() {
      ending.abort()
      return forge.stop()
    },
  }
}
