import { describe, RecordcastError } from '@recordcast/protocol/errors'
import { limits } from './limits.js'

/** Refuses a pattern because of what stands at `pointer`. */
export function invalid(pointer: string, found: unknown, expected: string): RecordcastError {
  const where = pointer === '' ? 'The pattern' : `The pattern at ${pointer}`
  return new RecordcastError(
    'invalid-pattern',
    `${where} is not valid: found ${describe(found)}, expected ${expected}.`,
    {
      path: pointer,
      found,
      expected,
    },
  )
}

/** What a pattern is scored by before any event is there. */
export type Score = Exclude<keyof typeof limits, 'steps'>

const counted: Record<Score, string> = {
  leaves: 'lists of alternatives',
  alternatives: 'alternatives in a list',
  depth: 'levels',
  stars: 'asterisks in a text',
  branches: 'conjunctions after multiplying out every $or',
  candidates: 'values, each once for every conjunction that it stands in',
  scans: 'wildcards, ranges and ignore-case affixes',
}

/** Refuses a pattern that is over one of the limits. */
export function tooComplex(pointer: string, limit: Score, actual: number): RecordcastError {
  const expected = `at most ${limits[limit]} ${counted[limit]}`
  return new RecordcastError(
    'pattern-too-complex',
    `The pattern${pointer === '' ? '' : ` at ${pointer}`} asks for too much: ${actual}, ${expected}.`,
    { path: pointer, found: actual, expected },
  )
}

/** One step further along a JSON pointer. */
export function within(pointer: string, step: string | number): string {
  if (typeof step === 'number' || !(step.includes('~') || step.includes('/'))) return `${pointer}/${step}`
  return `${pointer}/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** Whether a value is an object in the JSON sense. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
