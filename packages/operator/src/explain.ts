import { type ListenerFact, protocolVersion, type SourceFact } from '@recordcast/protocol/control'
import { RecordcastError } from '@recordcast/protocol/errors'
import { listenerKey } from '@recordcast/registry'
import type { ParkedMessage } from '@recordcast/transport'
import { setsOf } from './board/by-queue.js'
import { recordOfEvent, recordsOf } from './board/records.js'
import { concludeFrom } from './conclude.js'
import { depthOf } from './depth.js'
import { maskAnswer, sensitivityIn } from './mask.js'
import { peek } from './parked/peek.js'
import { own, readParked, rowOf } from './parked/read-parked.js'
import { tell } from './parts/ask-many.js'
import type { Context } from './parts/context.js'
import { readInput } from './parts/input.js'
import { type Input, type Shape, shapes } from './shapes/index.js'

type Explained = Shape<'explain'>
type Answer = Explained['answers'][number]

/**
 * Why an event did or did not arrive at a listener, or would: what every instance of the sources that own the record says of each subscription set, with the state of the
 * queue and the parked copy beside it.
 *
 * @throws RecordcastError unknown-listener, invalid-request; invalid-event for a made-up event that no source could have emitted
 */
export async function explain(context: Context, input: Input<'explainInput'>): Promise<Explained> {
  const { listener, event, sample } = readInput(shapes.explainInput, input)
  const snapshot = context.registry.snapshot()
  const sets = setsOf(snapshot, listener)
  const types =
    sample === undefined ? sets.flatMap(({ subscriptions }) => subscriptions.map((each) => each.event)) : [sample.type]
  const records = [...new Set(types.map(recordOfEvent))]
  const { announced } = recordsOf(snapshot)
  const owners = new Set(records.flatMap((record) => (announced.get(record) ?? []).map(({ fact }) => fact)))
  const about = { ...(event !== undefined && { event }), ...(sample !== undefined && { sample }) }

  const [answers, depth, shelf] = await Promise.all([
    Promise.all([...owners].flatMap((source) => sets.map((fact) => ask(context, source, fact, about)))),
    depthOf(context, listener),
    event === undefined ? undefined : tell(() => peek(context, listener)),
  ])
  if (sample !== undefined) refuseSample(answers)
  const parked = shelf?.value?.messages.find((each) => isOf(each, event ?? ''))
  const unknown: Explained['unknown'] = []
  const without = records.filter((record) => !announced.has(record))
  if (without.length > 0)
    unknown.push({
      what: `what sources of ${without.join(', ')} say`,
      why: 'no source on the board owns that record type',
    })
  for (const { service, instance, problem } of answers) {
    if (problem !== undefined) unknown.push({ what: `what ${service} (${instance}) says`, why: problem.message })
  }
  if (shelf?.problem !== undefined) unknown.push({ what: 'whether it is parked', why: shelf.problem.message })
  if (shelf?.value !== undefined && parked === undefined && shelf.value.total > shelf.value.messages.length)
    unknown.push({
      what: 'whether it is parked',
      why: `only the ${shelf.value.messages.length} oldest of ${shelf.value.total} were looked at`,
    })
  const queue = {
    paused: context.pauseOf(listener) !== undefined,
    ...('depth' in depth && { depth: depth.depth }),
    ...('problem' in depth && { problem: depth.problem }),
  }
  const told = {
    ...{ listener, answers: answers.map((answer) => masked(context, answer, sample?.type)), queue, unknown },
    ...(parked && { parked: rowOf(await readParked(parked)) }),
  }
  return { ...told, ...concludeFrom(told, 'missing' in depth, sample !== undefined) }
}

async function ask(
  { asker }: Context,
  { address, service, instance }: SourceFact,
  fact: ListenerFact,
  about: Pick<Input<'explainInput'>, 'event' | 'sample'>,
): Promise<Answer> {
  const { value, problem } = await asker.ask(address, {
    v: protocolVersion,
    kind: 'explain',
    key: listenerKey(fact),
    ...about,
  })
  if (problem !== undefined) return { service, instance, set: fact.set, problem }
  const { v: _, kind: __, instance: ___, ...answer } = value
  return { service, instance, set: fact.set, answer }
}

/** A made-up event that every source who was asked takes for none is the asker's to mend. */
function refuseSample(answers: readonly Answer[]): void {
  const [first] = answers
  if (first?.problem === undefined || !answers.every(({ problem }) => problem?.code === 'invalid-event')) return
  const { message, path = '', found, expected } = first.problem
  throw new RecordcastError('invalid-event', message, {
    path: `/sample${path}`,
    ...(found !== undefined && { found }),
    ...(expected !== undefined && { expected }),
  })
}

/** What a source found stands in the answer: it is masked as payloads are, whether the source has done so or not. */
function masked(context: Context, told: Answer, sampled: string | undefined): Answer {
  if (told.answer === undefined) return told
  const type = told.answer.event?.type ?? sampled
  return {
    ...told,
    answer: maskAnswer(told.answer, type === undefined ? 'unknown' : sensitivityIn(context, recordOfEvent(type))),
  }
}

/** A parked copy of an event, replayed before or not. */
function isOf({ message }: ParkedMessage, event: string): boolean {
  return message.id === event || own(message.headers, 'redrive-of') === event
}
