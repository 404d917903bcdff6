import { Unavailable } from './linked.js'

/*
An expression of a few kilobytes may take the elements of a list again for each of its fields, and again within each. So
elements and fields are counted while it is read, and past a number of them the read ends as if the value could not be
had. Reading is synchronous, so there is one at a time, and what it may still spend need not be handed from step to step.
*/

/** Elements looked at and fields taken that one read may come to: some milliseconds. */
export const mostSteps = 48_000

/** Code units of a text that are converted, or of JSON that are made, in the time of one step. */
const unitsAStep = { read: 32, made: 4 }

let left = Number.POSITIVE_INFINITY

/** Counts; throws an Unavailable when too much has been spent. */
export function spend(steps: number): void {
  left -= steps
  if (left >= 0) return
  throw new Unavailable('attribute-too-costly', `Reading it takes more than ${mostSteps} elements and fields`)
}

/** Counts what it takes to convert a text, or to make one. */
export function spendOnText({ length }: string, how: keyof typeof unitsAStep): void {
  spend(Math.ceil(length / unitsAStep[how]))
}

/** Evaluates with a budget of its own; the Unavailable that it met, or that ended it, is the value. */
export function readWithin<Scope>(
  evaluate: (value: unknown, scope: Scope) => unknown,
  value: unknown,
  scope: Scope,
): unknown {
  const before = left
  left = mostSteps
  try {
    return evaluate(value, scope)
  } catch (error) {
    if (error instanceof Unavailable) return error
    throw error
  } finally {
    left = before
  }
}
