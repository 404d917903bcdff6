import { limits } from './limits.js'

/*
What it costs to answer is counted while answering, in steps that stand for a few nanoseconds each. One answer may take
`limits.steps` of them. Where they do not suffice there is no answer, which is never the same as no match: a compiled pattern
throws `filter-undecided`, an index tells the keys that it could not decide beside those that match.

Values of ordinary size under no list are tested without being counted: one pattern has too few leaves for that to matter.
*/

/** What may still be spent on one answer. Below zero whatever was found does not count. */
export interface Work {
  left: number
}

export const steps = {
  /** To look for one name in one object. */
  name: 4,
  /** To enter a list, and to go to a member of it. */
  member: 8,
  /** To keep a value for those who read it. */
  value: 20,
  /** To test one value, or to run one of the tests that are tried one after the other. */
  test: 8,
  /** To compare an element with what is bound. */
  element: 8,
  /** To look a value up in a table, to go down one of its trees of affixes, to fold it for that, and to read it as an address. */
  lookUp: 32,
  tree: 256,
  folding: 512,
  address: 320,
  /** To go on to the next leaf with one choice of elements. */
  state: 32,
} as const

/** Code units of a text up to which testing it is not counted. */
export const shortText = 256

export function createWork(left: number = limits.steps): Work {
  return { left }
}
