import { protocolVersion } from '@recordcast/protocol/control'
import type { ControlAnswer, ControlRequest } from '@recordcast/protocol/requests'
import type { Knowledge } from './answer.js'
import type { Remembered } from './decisions.js'
import { fitting } from './fitting.js'

type Request = Extract<ControlRequest, { kind: 'decisions' }>
type Answer = Extract<ControlAnswer, { kind: 'decisions' }>
type Told = Answer['decisions'][number]

/** A page of the log, oldest first. */
export function tellDecisions({ after = 0, limit }: Request, { instance, decisions }: Knowledge): Answer {
  const marks: number[] = []
  function* told(): Iterable<Told> {
    for (const [mark, event] of decisions.after(after)) {
      marks.push(mark)
      yield decisionOf(event)
    }
  }
  const { kept } = fitting(told(), limit)
  const { sample, keep: keeps, last } = decisions
  const next = kept.length === 0 ? last : marks[kept.length - 1]!
  return { v: protocolVersion, kind: 'decisions', instance, decisions: kept, next, sample, keeps }
}

function decisionOf(event: Remembered): Told {
  const { outcomes = [], more = 0 } = event.decision?.outcomes() ?? {}
  return { ...headOf(event), outcomes: [...outcomes], ...(more > 0 && { more }) }
}

/** What an event is called. */
export function headOf({
  id,
  type,
  subject,
  tenant,
  at,
}: Omit<Remembered, 'decision'>): Omit<Told, 'outcomes' | 'more'> {
  return { id, type, subject, ...(tenant !== undefined && { tenant }), time: new Date(at ?? timeIn(id)).toISOString() }
}

/** The milliseconds in a UUIDv7. */
const timeIn = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
