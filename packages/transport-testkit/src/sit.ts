import { type ExamCase, examCases } from './exam.js'
import { type Harness, inRoom } from './room.js'

/** A case that a driver does not sit, and why: a sentence for whoever reads the test run. */
export interface Skip {
  readonly case: string
  readonly reason: string
}

export interface Sitting extends Harness {
  readonly skips?: readonly Skip[]
}

/**
 * Registers every case with a test runner: `register` gets a title and what to run, or undefined in place of it for a
 * case that is skipped; the title then says why. Cases that need what the harness lacks are skipped the same way.
 *
 * Throws when a skip names no case, gives no reason, or names the same case twice: a typo must not pass for a skip.
 */
export function sitExam(
  register: (title: string, run: (() => Promise<void>) | undefined) => void,
  sitting: Sitting,
): void {
  const reasons = readSkips(sitting.skips ?? [])
  for (const examCase of examCases) {
    const reason = reasons.get(examCase.name) ?? lacking(examCase, sitting)
    if (reason !== undefined) register(`${examCase.name} (skipped: ${reason})`, undefined)
    else register(examCase.name, () => inRoom(sitting, examCase.run))
  }
}

function readSkips(skips: readonly Skip[]): Map<string, string> {
  const known = new Set(examCases.map(({ name }) => name))
  const reasons = new Map<string, string>()
  for (const { case: name, reason } of skips) {
    if (!known.has(name)) throw new Error(`A skip names no case of the exam: ${JSON.stringify(name)}.`)
    if (reasons.has(name)) throw new Error(`Two skips name the same case: ${JSON.stringify(name)}.`)
    if (reason.trim() === '') throw new Error(`A skip needs a reason: ${JSON.stringify(name)}.`)
    reasons.set(name, reason)
  }
  return reasons
}

function lacking({ needs }: ExamCase, { kill, openApart }: Harness): string | undefined {
  if (needs === 'kill' && kill === undefined) return 'the harness cannot kill a transport'
  if (needs === 'apart' && openApart === undefined) return 'the harness has one namespace only'
  return undefined
}
