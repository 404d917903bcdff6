import type { SourceFact } from '@recordcast/protocol/control'
import { protocolVersion } from '@recordcast/protocol/control'
import type { statsAnswer } from '@recordcast/protocol/requests'
import type { Clock } from '@recordcast/transport'
import type { z } from 'zod'
import type { Asker } from './parts/ask-many.js'
import type { Context } from './parts/context.js'
import type { Shape } from './shapes/index.js'

type Problem = Shape<'problem'>
export type SourceCounts = NonNullable<z.infer<typeof statsAnswer>['source']>

/** What one instance of a source counted, or why it did not say. */
export interface SourceStats {
  readonly key: string
  readonly fact: SourceFact
  readonly upMs?: number
  readonly counts?: SourceCounts
  readonly problem?: Problem
}

/** Pages of subscriptions that are asked for of one source: four times what a full board holds in queues of one event type. */
const mostPages = 160

/** Asks one instance for everything, or for what concerns some queues. Never rejects. */
export async function askSourceStats(
  asker: Asker,
  key: string,
  fact: SourceFact,
  queues?: string[],
): Promise<SourceStats> {
  const request = { v: protocolVersion, kind: 'stats', ...(queues && { queues }) } as const
  let counts: SourceCounts | undefined
  for (let page = 0; page < mostPages; page++) {
    const offset = counts?.subscriptions.length ?? 0
    const { value, problem } = await asker.ask(fact.address, { ...request, offset })
    if (problem !== undefined) return { key, fact, problem }
    if (value.source === undefined) return { key, fact, problem: noSource(fact) }
    const { subscriptions, total } = value.source
    counts =
      counts === undefined
        ? value.source
        : { ...value.source, subscriptions: [...counts.subscriptions, ...subscriptions] }
    if (subscriptions.length === 0 || counts.subscriptions.length >= total)
      return { key, fact, upMs: value.upMs, counts }
  }
  return { key, fact, ...(counts && { counts }) }
}

function noSource({ address }: SourceFact): Problem {
  return { code: 'announcement-invalid', message: `${address} answered as if it were no source` }
}

/** Everything that all sources counted, asked at most every `freshMs` however many want to know. */
export function createSourceStats(context: Pick<Context, 'registry' | 'asker'>, clock: Clock, freshMs = 2000) {
  let asked:
    | { readonly at: number; readonly revision: number; readonly stats: Promise<readonly SourceStats[]> }
    | undefined
  return (): Promise<readonly SourceStats[]> => {
    const { sources, revision } = context.registry.snapshot()
    const now = clock.now()
    if (asked !== undefined && asked.revision === revision && now - asked.at < freshMs) return asked.stats
    const stats = Promise.all([...sources].map(([key, fact]) => askSourceStats(context.asker, key, fact)))
    asked = { at: now, revision, stats }
    return stats
  }
}
