import type { Broker } from '@recordcast/registry'
import type { Directory, Topic } from './directory.js'
import type { Emitted } from './emitted.js'
import type { Entry } from './entry.js'
import type { Following } from './follow.js'
import { decide, isDecided, type Wanting } from './match.js'
import type { EmitResult, SourceStats } from './options.js'
import type { OwnedRecords } from './owned.js'
import { type Plan, planFor, usualPlan } from './plan.js'
import { type Projection, project } from './project.js'
import { type Published, publish } from './publish.js'
import type { Recent } from './recent.js'
import type { Turn } from './turns.js'
import type { Window } from './window.js'

export interface SenderParts {
  readonly broker: Broker
  readonly owned: OwnedRecords
  readonly directory: Directory
  readonly recent: Recent
  readonly window: Window
  readonly counts: { -readonly [K in 'published' | 'projections' | 'publishRetries']: SourceStats[K] }
  readonly timeoutMs: number
  /** Aborted when the source must end at once. */
  readonly ending: () => AbortSignal
  readonly heal: (gone: readonly string[], wanting: readonly Wanting[]) => Promise<readonly string[]>
}

/** An event on its way. */
export interface Sending {
  readonly emitted: Emitted
  readonly entries: readonly Entry[]
  readonly topic: Topic
  readonly turn: Turn
}

export type Send = (sending: Sending) => EmitResult | Promise<EmitResult>

/*
The way of an event from its candidates to their queues: decide, project, publish. Where nothing has to be loaded the bodies are encoded
before the emit returns, and the one thing that is waited for is the transport. The turn is over when this is, whatever comes of it.
*/
export function createSender(parts: SenderParts): Send {
  const { broker, owned, directory, recent, window, counts, timeoutMs, ending, heal } = parts
  const { logger } = broker
  const onRetry = (): void => void counts.publishRetries++

  const put = (sending: Sending, plan: Plan, projections: readonly Projection[]): Promise<EmitResult> => {
    const { emitted, turn } = sending
    recent.add(emitted)
    counts.projections += projections.length
    let bytes = 0
    for (const { message, queues } of projections) bytes += message.body.length * queues.length
    const release = window.takeBytes(bytes)
    const policy = { timeoutMs, onRetry, signal: ending() }
    const publishNow = (): Promise<Published> => publish(projections, broker, policy, turn)
    const published = turn.before === undefined ? publishNow() : turn.before.then(publishNow)
    return published.then(
      (first) => {
        if (first.gone.length === 0) {
          release()
          return conclude(sending, plan, first)
        }
        return publishAgain(sending, plan, projections, first)
          .then((all) => conclude(sending, plan, all))
          .finally(release)
      },
      (error: unknown) => {
        release()
        throw error
      },
    )
  }

  /** Once more into the queues that their listeners put back. */
  const publishAgain = async (
    { emitted, turn }: Sending,
    { wanting }: Plan,
    projections: readonly Projection[],
    first: Published,
  ): Promise<Published> => {
    let { delivered, gone } = first
    const back = await heal(gone, wanting)
    if (back.length > 0) {
      const again = projections.flatMap(({ queues, message, sizes }) => {
        const healed = queues.filter((queue) => back.includes(queue))
        return healed.length === 0 ? [] : [{ queues: healed, message, sizes }]
      })
      const second = await publish(again, broker, { timeoutMs, onRetry, signal: ending() }, turn)
      delivered = [...delivered, ...second.delivered].sort()
      gone = [...gone.filter((queue) => !back.includes(queue)), ...second.gone].sort()
    }
    for (const queue of gone) {
      logger.warn({ queue, event: emitted.id }, 'The queue of a subscribed listener is gone')
    }
    return { delivered, gone }
  }

  const conclude = ({ emitted, turn }: Sending, plan: Plan, { delivered, gone }: Published): EmitResult => {
    turn.done()
    counts.published += delivered.length
    const reached = gone.length === 0 ? undefined : new Set(delivered)
    for (const { entry } of plan.wanting) {
      if (reached === undefined || reached.has(entry.fact.queue)) entry.counts.delivered++
    }
    return { id: emitted.id, delivered, gone }
  }

  const fail = ({ turn }: Sending, error: unknown): never => {
    turn.done()
    throw error
  }

  const sendOn = (sending: Sending): ReturnType<Send> => {
    const { emitted, entries, topic } = sending
    const following: Following = { owned, tenant: emitted.tenant }
    if (isDecided(entries)) return loadAndPut(sending, usualPlan(entries, topic, directory), following)
    return chain(decide(emitted, entries, following), (wanting) => {
      if (wanting.length > 0) return loadAndPut(sending, planFor(wanting, topic, directory), following)
      sending.turn.done()
      return { id: emitted.id, delivered: [], gone: [] }
    })
  }

  const loadAndPut = (sending: Sending, plan: Plan, following: Following): Promise<EmitResult> => {
    const projections = project(sending.emitted, plan, following)
    if (!(projections instanceof Promise)) return put(sending, plan, projections)
    return projections.then((loaded) => put(sending, plan, loaded))
  }

  return (sending) => {
    try {
      const sent = sendOn(sending)
      return sent instanceof Promise ? sent.catch((error: unknown) => fail(sending, error)) : sent
    } catch (error) {
      return fail(sending, error)
    }
  }
}

function chain<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}
