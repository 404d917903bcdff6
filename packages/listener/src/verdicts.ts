import type { ListenerFact, SourceFact } from '@recordcast/protocol/control'
import { type Problem, RecordcastError } from '@recordcast/protocol/errors'
import type { SubscriptionVerdict } from '@recordcast/protocol/requests'
import { ask, type Logger, listenerKey } from '@recordcast/registry'
import type { Transport } from '@recordcast/transport'

/** What one source instance said to the subscriptions of this listener. */
export interface SourceAnswer {
  /** The source's service. */
  readonly service: string
  readonly instance: string
  /** false: it is announced but did not answer, as when its process was killed. It takes the subscriptions in when it starts again. */
  readonly answered: boolean
  /** One a subscription; empty if it did not answer. */
  readonly verdicts: readonly SubscriptionVerdict[]
}

export interface AskInput {
  readonly transport: Transport
  readonly logger: Logger
  readonly fact: ListenerFact
  readonly timeoutMs: number
}

/** Asks one source instance whether it has taken in the fact. Never rejects: a source that is gone or mute has not answered. */
export async function askVerdict(
  source: SourceFact,
  { transport, logger, fact, timeoutMs }: AskInput,
): Promise<SourceAnswer> {
  const who = { service: source.service, instance: source.instance }
  try {
    const request = { v: 1, kind: 'verdict', key: listenerKey(fact), set: fact.set } as const
    const { verdicts } = await ask(transport, source.address, request, timeoutMs)
    return { ...who, answered: true, verdicts }
  } catch (error) {
    const details = {
      source: who,
      listener: fact.listener,
      reason: error instanceof Error ? error.message : String(error),
    }
    logger.info(details, 'A source that is announced did not answer')
    return { ...who, answered: false, verdicts: [] }
  }
}

/** Every reason of every refusal in an answer, each naming the event type. */
export function refusalsIn(answer: SourceAnswer): Problem[] {
  return answer.verdicts.flatMap(({ event, verdict, reasons }) => {
    if (verdict !== 'refused') return []
    // Codes come from another process and may be newer than this release; they are shown, not branched on.
    const known = reasons as readonly Problem[]
    const all = known.length > 0 ? known : [{ code: 'subscription-refused' as const, message: 'no reason was given' }]
    return all.map((reason) => ({ ...reason, message: `${event}: ${reason.message}` }))
  })
}

/** The error of a start that was refused: every reason once, though several instances of a source gave it. */
export function subscriptionRefused(listener: string, answers: readonly SourceAnswer[]): RecordcastError | undefined {
  const lines = new Map<string, Problem>()
  for (const answer of answers) {
    for (const reason of refusalsIn(answer)) lines.set(`${answer.service} says of ${sentence(reason)}`, reason)
  }
  if (lines.size === 0) return undefined
  const list = [...lines.keys()].map((line) => `\n- ${line}`).join('')
  return new RecordcastError(
    'subscription-refused',
    `The subscriptions of listener "${listener}" were refused:${list}`,
    {
      expected: 'subscriptions that every source which owns their record types accepts',
      reasons: [...lines.values()],
    },
  )
}

function sentence({ message, nearest }: Problem): string {
  const unnamed = nearest?.filter((name) => !message.includes(name)) ?? []
  return unnamed.length === 0 ? message : `${message}; nearest: ${unnamed.join(', ')}`
}
