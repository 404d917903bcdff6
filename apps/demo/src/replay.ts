import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isObject } from './json.js'
import type { Payload } from './payloads.js'
import type { Source } from './sdk.js'
import type { Store } from './store.js'
import type { RecordEvent } from './translate/told.js'
import { translate } from './translate/translate.js'

/** An event to be emitted, and the webhook that it came out of. */
export interface Cue {
  readonly payload: Payload
  readonly event: RecordEvent
}

export function cuesOf(payloads: readonly Payload[]): readonly Cue[] {
  return payloads.flatMap((payload) => translate(payload).map((event) => ({ payload, event })))
}

/** Told of each event before it is emitted, with its id and the bytes of the webhook behind it; waited for. */
export type Expect = (id: string, bytes: number) => unknown

export interface Emitting {
  readonly forge: Source
  readonly store: Store
  readonly expect: Expect
  /** A human pace; absent: as fast as it goes. */
  readonly eventsPerSecond?: number
  /** Ends the replay early. */
  readonly signal: AbortSignal
}

const mostInFlight = 32

/** Emits all: records side by side, the events of one record one after the other. */
export async function replay(cues: readonly Cue[], emitting: Emitting): Promise<void> {
  const { eventsPerSecond, signal } = emitting
  const lanes = new Map<string, Promise<void>>()
  const flying = new Set<Promise<void>>()
  for (const cue of cues) {
    if (signal.aborted) break
    if (flying.size >= mostInFlight) await Promise.race(flying)
    const lane = `${cue.event.type.record.name}/${cue.event.id}`
    const run = (lanes.get(lane) ?? Promise.resolve()).then(() => emit(cue, emitting))
    lanes.set(lane, run)
    flying.add(run)
    // One that failed stays, so that the next race or the last wait throws what it failed with.
    run.then(
      () => flying.delete(run),
      () => undefined,
    )
    if (eventsPerSecond !== undefined) await pause(1000 / eventsPerSecond, signal)
  }
  await Promise.all(flying)
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined)

async function emit({ payload, event }: Cue, { forge, store, expect }: Emitting): Promise<void> {
  const { type, ...facts } = event
  const id = randomUUID()
  await expect(id, payload.bytes)
  if (type.record.name === 'repository' && facts.after !== undefined) store.save('repositories', facts.after)
  if (type.record.name === 'account' && facts.after !== undefined) store.save('accounts', facts.after)
  const { sender } = payload.body
  await forge.emit(type, facts, { id, ...(isObject(sender) && { user: String(sender.login) }) })
}
