import { RecordcastError } from '@recordcast/protocol'
import { protocolVersion } from '@recordcast/protocol/control'
import type { ControlAnswer, ControlRequest, SubscriptionVerdict } from '@recordcast/protocol/requests'
import type { Clock } from '@recordcast/transport'
import { complete } from './complete.js'
import type { Decisions } from './decisions.js'
import type { Directory } from './directory.js'
import { explain } from './explain.js'
import type { SourceStats } from './options.js'
import type { OwnedRecords } from './owned.js'
import type { Recent } from './recent.js'
import { tellDecisions } from './tell-decisions.js'
import { tellStats } from './tell-stats.js'

/** What a source knows, for those who ask. */
export interface Knowledge {
  readonly service: string
  readonly instance: string
  readonly owned: OwnedRecords
  readonly directory: Directory
  readonly recent: Recent
  readonly decisions: Decisions
  readonly stats: () => SourceStats
  readonly clock: Clock
  /** When the instance was made (ms). */
  readonly began: number
  /** Resolves when all listeners that stood have been taken in. */
  readonly settled: Promise<unknown>
  /** What is said of a fact, once it has arrived. @throws RecordcastError announcement-invalid when it does not */
  readonly verdicts: (request: Extract<ControlRequest, { kind: 'verdict' }>) => Promise<readonly SubscriptionVerdict[]>
}

/** Answers listeners and operators. What it rejects with is an answer too: the caller sends it as one. */
export async function answer(request: ControlRequest, knowledge: Knowledge): Promise<ControlAnswer> {
  const { service, instance, owned, recent, clock } = knowledge
  switch (request.kind) {
    case 'verdict':
      return { v: protocolVersion, kind: 'verdict', verdicts: [...(await knowledge.verdicts(request))] }
    case 'complete':
      return complete(request, owned, recent, service, clock)
    case 'alive':
      return { v: protocolVersion, kind: 'alive', instance }
    case 'stats':
      return tellStats(request, knowledge)
    case 'decisions':
      return tellDecisions(request, knowledge)
    case 'explain':
      await knowledge.settled
      return explain(request, knowledge)
    default:
      throw new RecordcastError('announcement-invalid', 'A source does not answer this', {
        found: (request as ControlRequest).kind,
      })
  }
}
