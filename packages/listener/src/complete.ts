import type { SourceFact } from '@recordcast/protocol/control'
import { RecordcastError, toProblem } from '@recordcast/protocol/errors'
import type { ControlAnswer } from '@recordcast/protocol/requests'
import type { WireEvent } from '@recordcast/protocol/wire'
import { ask } from '@recordcast/registry'
import type { Transport } from '@recordcast/transport'

type Completed = Extract<ControlAnswer, { kind: 'complete' }>

export interface CompleteInput {
  readonly transport: Transport
  /** Source instances on the board; those of other services are passed over. */
  readonly sources: Iterable<SourceFact>
  readonly event: WireEvent
  readonly attributes: readonly string[]
  /** Field paths of a filter that needs its view of the event. */
  readonly filter?: readonly (readonly string[])[]
  readonly timeoutMs: number
}

/**
 * Has the event's source load what the event lacks: its instances are asked one after the other until one answers that remembers the event;
 * where none does, the first answer stands, made of the record as it is now.
 *
 * @throws RecordcastError attribute-missing when none does, with the last refusal as cause
 */
export async function complete({
  transport,
  sources,
  event,
  attributes,
  filter,
  timeoutMs,
}: CompleteInput): Promise<Completed> {
  const instances = [...sources].filter((source) => source.service === event.source)
  let cause: unknown
  let fallback: Completed | undefined
  for (const { address } of instances) {
    try {
      const answer = await ask(
        transport,
        address,
        {
          v: 1,
          kind: 'complete',
          event: event.id,
          type: event.type,
          subject: event.subject,
          ...(event.tenant !== undefined && { tenant: event.tenant }),
          attributes: [...attributes],
          ...(filter && { filter: filter.map((path) => [...path]) }),
        },
        timeoutMs,
      )
      if (answer.remembered !== false) return answer
      fallback ??= answer
    } catch (error) {
      cause = error
    }
  }
  if (fallback !== undefined) return fallback
  const what = attributes.length > 0 ? attributes.join(', ') : 'what the filter reads'
  const why =
    instances.length === 0 ? 'no instance of it is announced' : `the last answer was: ${toProblem(cause).message}`
  throw new RecordcastError(
    'attribute-missing',
    `The event lacks ${what} and its source "${event.source}" did not answer: ${why}`,
    {
      expected: 'every attribute that the handler asked for',
      cause,
    },
  )
}
