import type { Broker } from '@recordcast/registry'
import type { Candidates } from './candidates.js'
import type { Directory } from './directory.js'
import type { Following } from './follow.js'
import { decide, isDecided, type Wanting } from './match.js'
import type { EmitResult } from './options.js'
import type { OwnedRecords } from './owned.js'
import { type Plan, planFor, usualPlan } from './plan.js'
import { type Projection, project } from './project.js'
import { publish } from './publish.js'
import type { Recent } from './recent.js'
import type { Sending } from './sending.js'
import type { Counts } from './stats.js'
import type { Window } from './window.js'

export interface SenderParts {
  readonly broker: Broker
  readonly owned: OwnedRecords
  readonly directory: Directory
  readonly recent: Recent
  readonly window: Window
  readonly counts: Counts
  readonly timeoutMs: number
  /** Aborted when the source must end at once. */
  readonly ending: () => AbortSignal
  readonly heal: (gone: readonly string[], wanting: readonly Wanting[]) => Promise<readonly string[]>
}

/** Ends what it is given, and throws nothing. */
export type Send = (sending: Sending, found: Candidates) => Promise<EmitResult>

/*
The way of an event from its candidates to their queues: decide, project, publish. Where nothing has to be loaded the bodies are encoded
before the emit returns, and the one thing that is waited for is the transport. The turn is over when this is, whatever comes of it.
*/
export function createSender(parts: SenderParts): Send {
  const { broker, owned, directory, recent, window, counts, timeoutMs, ending, heal } = parts
  const { logger, clock } = broker
  const policy = {
    timeoutMs,
    onRetry: (): void => void counts.publishRetries++,
    get signal() {
      return ending()
    },
  }

  const put = (sending: Sending, plan: Plan, projections: readonly Projection[]): Promise<EmitResult> => {
    const { emitted, turn } = sending
    sending.steps?.enter('publish')
    recent.add(emitted)
    counts.projections += projections.length
    let bytes = 0
    let copies = 0
    for (const { message, queues } of projections) {
      bytes += message.body.length * queues.length
      copies += queues.length
    }
    counts.projectionBytes += bytes
    window.takeBytes(bytes)
    sending.bytes = bytes
    sending.copies = copies
    counts.inFlight += copies
    const published =
      turn.before === undefined
        ? publish(projections, broker, policy, turn)
        : turn.before.then(() => publish(projections, broker, policy, turn))
    return published.then(
      (gone) => {
        if (gone.length > 0) {
          return publishAgain(sending, plan, projections, gone)
            .catch((error: unknown) => fail(sending, error))
            .finally(() => release(sending))
        }
        release(sending)
        return conclude(sending, plan, projections, gone)
      },
      (error: unknown) => {
        release(sending)
        return fail(sending, error)
      },
    )
  }

  const release = ({ bytes, copies }: Sending): void => {
    counts.inFlight -= copies
    window.giveBytes(bytes)
  }

  /** Once more into the queues that their listeners put back. */
  const publishAgain = async (
    sending: Sending,
    plan: Plan,
    projections: readonly Projection[],
    wereGone: readonly string[],
  ): Promise<EmitResult> => {
    const { emitted, turn } = sending
    let gone = wereGone
    const back = await heal(gone, plan.wanting)
    if (back.length > 0) {
      const again = projections.flatMap(({ queues, message }) => {
        const healed = queues.filter((queue) => back.includes(queue))
        return healed.length === 0 ? [] : [{ queues: healed, message }]
      })
      const goneAgain = await publish(again, broker, policy, turn)
      gone = [...gone.filter((queue) => !back.includes(queue)), ...goneAgain]
    }
    for (const queue of gone) {
      logger.warn({ queue, event: emitted.id }, 'The queue of a subscribed listener is gone')
    }
    return conclude(sending, plan, projections, gone)
  }

  const conclude = (
    sending: Sending,
    plan: Plan,
    projections: readonly Projection[],
    gone: readonly string[],
  ): EmitResult => {
    sending.end()
    sending.steps?.leave()
    sending.decision?.concluded(plan.bodies, projections, gone, clock.now())
    const delivered = gone.length === 0 ? plan.queues : plan.queues.filter((queue) => !gone.includes(queue))
    counts.published += delivered.length
    for (const { entry } of plan.wanting) {
      if (gone.length === 0 || !gone.includes(entry.fact.queue)) entry.counts.delivered++
    }
    return { id: sending.emitted.id, delivered, gone: gone.length === 0 ? gone : gone.toSorted() }
  }

  const fail = (sending: Sending, error: unknown): Promise<never> => {
    sending.end()
    counts.failed++
    sending.steps?.leave({ error })
    sending.decision?.failed(error, clock.now())
    return Promise.reject(error)
  }

  const sendOn = (sending: Sending, found: Candidates): ReturnType<Send> => {
    const { emitted, topic } = sending
    sending.steps?.enter('enrich')
    const following: Following = { owned, tenant: emitted.tenant }
    if (isDecided(found)) return loadAndPut(sending, usualPlan(found.entries, topic, directory), following)
    const decided = decide(emitted, found, following)
    const goOn = (wanting: readonly Wanting[]): ReturnType<Send> => {
      sending.decision?.decided(wanting)
      if (wanting.length > 0) return loadAndPut(sending, planFor(wanting, topic, directory), following)
      sending.end()
      sending.steps?.leave()
      return Promise.resolve({ id: emitted.id, delivered: [], gone: [] })
    }
    return decided instanceof Promise
      ? decided.then(goOn).catch((error: unknown) => fail(sending, error))
      : goOn(decided)
  }

  const loadAndPut = (sending: Sending, plan: Plan, following: Following): Promise<EmitResult> => {
    const projections = project(sending.emitted, plan, following)
    if (!(projections instanceof Promise)) return put(sending, plan, projections)
    return projections.then((loaded) => put(sending, plan, loaded)).catch((error: unknown) => fail(sending, error))
  }

  return (sending, found) => {
    try {
      return sendOn(sending, found)
    } catch (error) {
      return fail(sending, error)
    }
  }
}
