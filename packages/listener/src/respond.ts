import { RecordcastError } from '@recordcast/protocol'
import type { ListenerFact } from '@recordcast/protocol/control'
import type { ControlAnswer } from '@recordcast/protocol/requests'
import { answerAt } from '@recordcast/registry'
import type { Running } from '@recordcast/transport'
import type { Settings } from './check-options.js'
import type { ListenerStats } from './counts.js'

export interface RespondParts {
  readonly settings: Settings
  readonly fact: ListenerFact
  readonly instance: string
  readonly lifetime: 'durable' | 'instance'
  readonly isStarted: () => boolean
  readonly stats: () => ListenerStats
}

/** Answers at the address of a set. Instances that hold the same set share it, and one of them answers. */
export function respond({ settings, fact, instance, lifetime, isStarted, stats }: RespondParts): Promise<Running> {
  const { transport, clock } = settings.broker
  const began = clock.now()
  return answerAt(transport, fact.address, async ({ kind }) => {
    if (kind === 'stats') {
      const upMs = Math.max(0, Math.round(clock.now() - began))
      return { v: 1, kind, instance, upMs, listener: plainStats(stats()) }
    }
    if (kind !== 'alive') throw new RecordcastError('announcement-invalid', `A listener does not answer "${kind}"`)
    // Who asks may have found the queue gone.
    await transport.declare(fact.queue, { lifetime })
    return { v: 1, kind, instance, started: isStarted() }
  })
}

type Told = NonNullable<Extract<ControlAnswer, { kind: 'stats' }>['listener']>

const mostRefusals = 64

/** Counters within the bounds of the wire. */
function plainStats({ handlerMs, refusals, ...counts }: ListenerStats): Told {
  return {
    ...counts,
    handlerMs: Math.round(handlerMs),
    refusals: refusals.slice(0, mostRefusals).map(({ service, instance, reasons }) => ({
      ...{ service, instance },
      reasons: reasons.slice(0, mostRefusals).map(({ nearest, ...reason }) => ({
        ...reason,
        ...(nearest && { nearest: nearest.slice(0, 8) }),
      })),
    })),
  }
}
