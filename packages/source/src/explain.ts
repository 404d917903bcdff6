import { RecordcastError } from '@recordcast/protocol'
import { protocolVersion } from '@recordcast/protocol/control'
import type { ControlAnswer, ControlRequest } from '@recordcast/protocol/requests'
import type { Knowledge } from './answer.js'
import { admits } from './candidates.js'
import { differing, isChanged } from './changed.js'
import type { QueueOutcome } from './decision.js'
import type { Emitted } from './emitted.js'
import type { Entry } from './entry.js'
import { explainAttributes } from './explain-attributes.js'
import { explainFilter } from './explain-filter.js'
import { fitting } from './fitting.js'
import { sampleOf } from './sample.js'
import type { Taken } from './standing.js'
import { headOf } from './tell-decisions.js'

type Request = Extract<ControlRequest, { kind: 'explain' }>
type Answer = Extract<ControlAnswer, { kind: 'explain' }>

const mostReasons = 64
const mostTenants = 256
const mostCompared = 256

/*
Why an event is put into a queue or not: each check of its way, made again for one subscription as it stands now, on the event's own facts and on links as they
are loaded now. What was really done about the event is told beside it, where the log has it. Nothing is published or counted.
*/
export async function explain(request: Request, knowledge: Knowledge): Promise<Answer> {
  if ((request.event === undefined) === (request.sample === undefined)) {
    const expected = 'either the id of an event or a sample'
    throw new RecordcastError('announcement-invalid', `An explanation needs ${expected}`, { path: '', expected })
  }
  const taken = knowledge.directory.taken(request.key)
  const subject = subjectOf(request, knowledge)
  const answer = { v: protocolVersion, kind: 'explain', instance: knowledge.instance } as const
  if (subject === undefined) {
    const verdict = taken === undefined ? 'unknown-listener' : 'unknown-event'
    return { ...answer, remembered: false, verdict, reasons: [] }
  }
  const { event, emitted } = subject
  const outcome = taken && subject.outcomes.find(({ queue }) => queue === taken.fact.queue)
  const said = { ...answer, remembered: true, event, ...verdictOn(event.type, taken), ...(outcome && { outcome }) }
  const entry = taken?.entries.find(({ subscription }) => subscription.event === event.type)
  return entry === undefined ? said : { ...said, ...(await checksOf(entry, event.tenant, emitted, knowledge)) }
}

interface Subject {
  readonly event: NonNullable<Answer['event']>
  /** Its facts; undefined for one that nobody had subscribed to, and so were not copied. */
  readonly emitted: Emitted | undefined
  readonly outcomes: readonly QueueOutcome[]
}

function subjectOf({ event: id, sample }: Request, knowledge: Knowledge): Subject | undefined {
  const { decisions, recent } = knowledge
  const known = id === undefined ? undefined : decisions.find(id)
  const emitted = sample ? sampleOf(sample, knowledge) : (known?.decision?.emitted ?? recent.get(id!))
  if (known === undefined && emitted === undefined) return undefined
  return {
    event: headOf(emitted === undefined ? known! : namesOf(emitted)),
    emitted,
    outcomes: known?.decision?.outcomes().outcomes ?? [],
  }
}

const namesOf = ({ id, type, subject, tenant, time }: Emitted) => ({ id, type, subject, tenant, at: Date.parse(time) })

function verdictOn(type: string, taken: Taken | undefined): Pick<Answer, 'verdict' | 'reasons' | 'cut'> {
  if (taken === undefined) return { verdict: 'unknown-listener', reasons: [] }
  const said = taken.verdicts.find(({ event }) => event === type)
  if (said === undefined) return { verdict: 'none', reasons: [] }
  const { kept, cut } = fitting(said.reasons, mostReasons)
  return { verdict: said.verdict, reasons: kept, ...(cut && { cut }) }
}

type Checks = Pick<Answer, 'tenant' | 'filter' | 'changed' | 'attributes' | 'goes' | 'cut'>

async function checksOf(
  entry: Entry,
  found: string | undefined,
  emitted: Emitted | undefined,
  { owned }: Knowledge,
): Promise<Checks> {
  const all = entry.subscription.tenants
  const tenant = {
    wanted: all === 'all' ? all : all.slice(0, mostTenants),
    ...(found !== undefined && { found }),
    held: admits(entry, found),
  }
  const manyTenants = all !== 'all' && all.length > mostTenants
  if (emitted === undefined) return { tenant, ...(manyTenants && { cut: true }) }
  const changed = changedCheck(entry, emitted)
  const following = { owned, tenant: emitted.tenant }
  const [filter, attributes] = await Promise.all([
    explainFilter(entry, emitted, following),
    explainAttributes(entry, emitted, following),
  ])
  const cut = manyTenants || filter?.cut === true
  return {
    tenant,
    ...(filter && { filter: filter.told }),
    ...(changed && { changed }),
    attributes,
    goes: tenant.held && filter?.told.held !== false && changed?.held !== false,
    ...(cut && { cut: true }),
  }
}

function changedCheck({ compared, subscription }: Entry, emitted: Emitted): Answer['changed'] {
  if (compared === undefined || emitted.kind !== 'changed') return undefined
  return {
    held: isChanged(compared, emitted),
    compared: (subscription.selected ?? subscription.attributes).slice(0, mostCompared),
    differing: differing(compared, emitted).slice(0, mostCompared),
  }
}
