import { RecordcastError } from '@recordcast/protocol/errors'
import { Unavailable } from '@recordcast/protocol/language'
import { isJsonObject, type JsonObject } from '@recordcast/protocol/names'
import type { Clock } from '@recordcast/transport'
import { InHandMap } from '@recordcast/transport/in-hand'
import type { LoaderStats, LoadOptions } from './options.js'
import type { RecordCache } from './record-cache.js'

/** A linked record, null where there is none, or why it could not be had. */
export type Loaded = JsonObject | null | Unavailable

/** Loads linked records one by one for its callers and batch by batch for the user's loader. */
export interface Loader {
  /** At once when the cache has it. `attributes`: the top-level names that this event needs. Never rejects. */
  load(key: string, tenant: string | undefined, attributes: readonly string[]): Loaded | Promise<Loaded>
  stats(): LoaderStats
}

interface LoaderParts {
  /** For people: where the loader is used. */
  readonly name: () => string
  readonly options: LoadOptions
  readonly clock: Clock
  readonly cache: RecordCache
  /** Top-level names that all subscriptions together want of these records now. */
  readonly wanted: () => readonly string[]
  /** Told of each call that has ended. */
  readonly onCall?: ((call: LoaderCall) => void) | undefined
}

/** One call of a loader, and how many of its keys it answered. */
export interface LoaderCall {
  readonly loader: string
  readonly ms: number
  readonly loaded: number
  readonly failed: number
}

interface Batch {
  readonly tenant: string | undefined
  readonly waiting: Map<string, (loaded: Loaded) => void>
}

/*
Keys asked for within one tick gather in one batch a tenant; on the next deferred tick the batch leaves, cut into calls of at most
`maxBatch` keys, at most `concurrency` calls at once, the rest in line. A key that is on its way is joined, not asked for again,
unless the record's own event came in between: then the older answer is neither joined nor kept (see record-cache.ts).

When a new subscription widens what is wanted, records in the cache were loaded for a narrower hint and may lack the new names:
they are answered only if they hold every name that the event needs or were loaded when that name was wanted already.
*/
export function createLoader({ name, options, clock, cache, wanted, onCall }: LoaderParts): Loader {
  const { load, timeoutMs = 10_000, maxBatch = 500, concurrency = 4 } = options
  const counts = { calls: 0, keys: 0, cacheHits: 0, failures: 0, busyMs: 0 }
  const batches = new InHandMap<string | undefined, Batch>()
  const line: (() => Promise<void>)[] = []
  let running = 0

  const run = (): void => {
    while (running < concurrency) {
      const next = line.shift()
      if (next === undefined) return
      running++
      void next().finally(() => {
        running--
        run()
      })
    }
  }

  const leave = (batch: Batch): void => {
    batches.delete(batch.tenant)
    const entries = [...batch.waiting]
    for (let from = 0; from < entries.length; from += maxBatch) {
      const part = entries.slice(from, from + maxBatch)
      line.push(async () => {
        const results = await call(
          part.map(([key]) => key),
          batch.tenant,
        )
        for (const [index, [, settle]] of part.entries()) settle(results[index]!)
      })
    }
    run()
  }

  const call = async (keys: readonly string[], tenant: string | undefined): Promise<readonly Loaded[]> => {
    counts.calls++
    counts.keys += keys.length
    const began = clock.now()
    let failed = 0
    const controller = new AbortController()
    let callOff = (): void => undefined
    const late = new Promise<never>((_, reject) => {
      callOff = clock.after(timeoutMs, () => {
        const error = new RecordcastError('loader-timeout', `Loader ${name()} gave no answer within ${timeoutMs} ms`)
        controller.abort(error)
        reject(error)
      })
    })
    try {
      const context = { tenant, attributes: wanted(), signal: controller.signal }
      const answer = (async () => load(keys, context))()
      return checkAnswer(name(), keys, await Promise.race([answer, late]), () => failed++)
    } catch (error) {
      failed = keys.length
      const failure = unavailable(name(), error)
      return keys.map(() => failure)
    } finally {
      callOff()
      counts.failures += failed
      const ms = Math.max(0, clock.now() - began)
      counts.busyMs += ms
      onCall?.({ loader: name(), ms, loaded: keys.length - failed, failed })
    }
  }

  const enqueue = (key: string, tenant: string | undefined): Promise<Loaded> =>
    new Promise((resolve) => {
      let batch = batches.get(tenant)
      if (batch === undefined) {
        const fresh: Batch = { tenant, waiting: new Map() }
        batches.set(tenant, fresh)
        clock.defer(() => leave(fresh))
        batch = fresh
      }
      const before = batch.waiting.get(key)
      batch.waiting.set(key, (loaded) => {
        before?.(loaded)
        resolve(loaded)
      })
    })

  return {
    load(key, tenant, attributes) {
      const cached = cache.get(tenant, key, attributes)
      if (cached === undefined) return cache.keep(tenant, key, wanted(), enqueue(key, tenant))
      if (!(cached instanceof Promise)) counts.cacheHits++
      return cached
    },
    stats: () => ({ name: name(), ...counts }),
  }
}

function checkAnswer(name: string, keys: readonly string[], answer: unknown, failed: () => void): readonly Loaded[] {
  if (!Array.isArray(answer) || answer.length !== keys.length) {
    const found = Array.isArray(answer) ? `a list of ${answer.length}` : typeof answer
    const sentence = `Loader ${name} answered ${found} to ${keys.length} keys; it must answer a list of as many, in their order`
    throw new RecordcastError('loader-invalid-result', sentence, { found, expected: `a list of ${keys.length}` })
  }
  return answer.map((slot: unknown): Loaded => {
    if (slot === null || slot === undefined) return null
    if (slot instanceof Error) {
      failed()
      return unavailable(name, slot)
    }
    if (isJsonObject(slot)) return slot
    failed()
    return new Unavailable(
      'loader-invalid-result',
      `Loader ${name} gave ${typeof slot} where a record, null or an Error is wanted`,
    )
  })
}

function unavailable(name: string, error: unknown): Unavailable {
  if (error instanceof RecordcastError) return new Unavailable(error.code, error.message)
  const why = error instanceof Error ? error.message : String(error)
  return new Unavailable('loader-failed', `Loader ${name} failed: ${why}`.slice(0, 1024))
}
