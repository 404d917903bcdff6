import type { Broker } from '@recordcast/registry'
import type { Directory, Topic } from './directory.js'
import type { Emitted } from './emitted.js'
import type { Entry } from './entry.js'
import type { Following } from './follow.js'
import { decide, type Wanting } from './match.js'
import type { EmitResult, SourceStats } from './options.js'
import type { OwnedRecords } from './owned.js'
import { type Plan, planFor } from './plan.js'
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

export type Send = (
  emitted: Emitted,
  entries: readonly Entry[],
  topic: Topic,
  turn: Turn,
) => EmitResult | Promise<EmitResult>

/*
The way of an event from its candidates to their queues: decide, project, publish. Where nothing has to be loaded the bodies are encoded
before the emit returns, and the one thing that is waited for is the transport. The turn is over when this is, whatever comes of it.
*/
export function createSender(parts: SenderParts): Send {
  const { broker, owned, directory, recent, window, counts, timeoutMs, ending, heal } = parts
  const { logger } = broker
  const onRetry = (): void => void counts.publishRetries++

  const put = (emitted: Emitted, plan: Plan, projections: readonly Projection[], turn: Turn): Promise<EmitResult> => {
    recent.add(emitted)
    counts.projections += projections.length
    let bytes = 0
    for (const { message, queues } of projections) bytes += message.body.length * queues.length
    const release = window.takeBytes(bytes)
    const policy = { timeoutMs, onRetry, signal: ending() }
    const publishNow = (): Promise<Published> => publish(projections, broker, policy, turn)
    const published = turn.before === undefined ? publishNow() : turn.before.then(publishNow)
    return published
      .then((first) => (first.gone.length === 0 ? first : publishAgain(emitted, plan, projections, first, turn)))
      .then(({ delivered, gone }) => {
        count(plan, delivered)
        return { id: emitted.id, delivered, gone }
      })
      .finally(release)
  }

  /** Once more into the queues that their listeners put back. */
  const publishAgain = async (
    emitted: Emitted,
    { wanting }: Plan,
    projections: readonly Projection[],
    first: Published,
    turn: Turn,
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

  const count = ({ wanting, queues }: Plan, delivered: readonly string[]): void => {
    counts.published += delivered.length
    const reached = delivered.length === queues.length ? undefined : new Set(delivered)
    for (const { entry } of wanting) {
      if (reached === undefined || reached.has(entry.fact.queue)) entry.counts.delivered++
    }
  }

  const sendOn = (emitted: Emitted, entries: readonly Entry[], topic: Topic, turn: Turn): ReturnType<Send> => {
    const following: Following = { owned, tenant: emitted.tenant, memo: new Map() }
    return chain(decide(emitted, entries, following), (wanting) => {
      if (wanting.length === 0) return { id: emitted.id, delivered: [], gone: [] }
      const plan = planFor(wanting, topic, directory)
      return chain(project(emitted, plan, following), (projections) => put(emitted, plan, projections, turn))
    })
  }

  return (emitted, entries, topic, turn) => {
    try {
      const sent = sendOn(emitted, entries, topic, turn)
      if (sent instanceof Promise) return sent.finally(turn.done)
      turn.done()
      return sent
    } catch (error) {
      turn.done()
      throw error
    }
  }
}

function chain<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}
