import type { ListenerFact, SourceFact } from '@recordcast/protocol/control'
import { queueOf, sourceAddress } from '@recordcast/protocol/names'
import { type Change, type Clock, type Running, systemClock, type Transport } from '@recordcast/transport'
import { createMemoryBus, createMemoryTransport } from '@recordcast/transport-memory'
import { onTestFinished, vi } from 'vitest'

/** A clock that counts the timers that are armed and the ticks that were asked for. */
export function countingClock(): Clock & { readonly armed: number; readonly deferred: number } {
  let armed = 0
  let deferred = 0
  return {
    now: systemClock.now,
    defer(run) {
      deferred++
      systemClock.defer(run)
    },
    after(afterMs, run) {
      armed++
      let over = false
      const end = (): void => {
        if (!over) armed--
        over = true
      }
      const callOff = systemClock.after(afterMs, () => {
        end()
        run()
      })
      return () => {
        end()
        callOff()
      }
    },
    get armed() {
      return armed
    },
    get deferred() {
      return deferred
    },
  }
}

/** A bus and a transport on it that is closed after the test. */
export function stage() {
  const bus = createMemoryBus()
  const join = (): Transport => {
    const transport = createMemoryTransport({ bus })
    onTestFinished(() => transport.close())
    return transport
  }
  return { bus, join, transport: join() }
}

export function listenerFact(service: string, more: Partial<ListenerFact> = {}): ListenerFact {
  return {
    ...{ v: 1, kind: 'listener', service, listener: service, queue: queueOf(service), delivery: 'shared', set: 'set1' },
    ...{ generation: 1, address: `listener/${service}/set1`, since: '2026-01-02T03:04:05.678Z' },
    subscriptions: [{ event: 'issue.changed', attributes: ['title'], tenants: 'all' }],
    ...more,
  }
}

export function sourceFact(service: string, more: Partial<SourceFact> = {}): SourceFact {
  return {
    ...{ v: 1, kind: 'source', service, instance: 'one', address: sourceAddress(service, 'one'), since: '2026-01-02' },
    records: [{ name: 'issue', links: [] }],
    ...more,
  }
}

const encoder = new TextEncoder()

/** Puts any bytes on a board, as no SDK would. */
export function forge(transport: Transport, board: string, key: string, body: unknown): Promise<void> {
  const bytes = body instanceof Uint8Array ? body : encoder.encode(JSON.stringify(body))
  return transport.announce(board, key, { id: key, body: bytes, headers: {} })
}

export interface Instruments {
  /** What was watched, by board. */
  readonly sees: Map<string, (change: Change) => void>
  /** Boards whose watch was stopped. */
  readonly stopped: string[]
}

/** A transport whose boards the test plays by hand. `watch` says how a board's watch begins. */
export function handPlayed(watch: (board: string) => Promise<void> = () => Promise.resolve()): Transport & Instruments {
  const sees: Instruments['sees'] = new Map()
  const stopped: string[] = []
  const other = createMemoryTransport()
  return Object.assign(Object.create(other) as Transport, {
    ...{ sees, stopped },
    async watch(board: string, see: (change: Change) => void): Promise<Running> {
      sees.set(board, see)
      await watch(board)
      return { stop: async () => void stopped.push(board) }
    },
  })
}

export function soon(holds: () => void): Promise<void> {
  return vi.waitFor(holds, { interval: 1, timeout: 5000 })
}
