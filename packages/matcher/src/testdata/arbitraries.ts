import fc from 'fast-check'
import { limits } from '../limits.js'
import type { Alternative, Pattern } from '../pattern.js'

/* Few names and few values, so that patterns and events meet. */

const names = fc.constantFrom('a', 'a', 'b', 'b', 'c', 'a.b', 'b.c', '$before', '__proto__')
const texts = fc.constantFrom('a', 'a', 'ab', 'abc', 'A', '', 'x*y', 'ß', 'SS', '10.0.0.1', '10.0.7.7', '::1')
const numbers = fc.constantFrom(0, 1, -2.5, 12)
const scalars = fc.oneof(texts, numbers, fc.constantFrom(true, false, null))

const ignoringCase = texts.map((text) => ({ 'equals-ignore-case': text }))
const oneOrMore = fc.oneof(texts, fc.array(texts, { minLength: 1, maxLength: 3 }))
const filled = fc.constantFrom('a', 'ab', 'SS', '1')
const stars = fc.constantFrom('*', 'a*', '*b', 'a*c', '*b*', 'x\\*y')

const alternatives: fc.Arbitrary<Alternative> = fc.oneof(
  { weight: 6, arbitrary: scalars },
  texts.map((prefix) => ({ prefix })),
  texts.map((suffix) => ({ suffix })),
  ignoringCase,
  ignoringCase.map((prefix) => ({ prefix })),
  ignoringCase.map((suffix) => ({ suffix })),
  stars.map((wildcard) => ({ wildcard })),
  fc.constantFrom<Alternative>({ numeric: ['<', 5] }, { numeric: ['>=', 1] }, { numeric: ['>', 0, '<=', 12] }),
  fc.constantFrom<Alternative>({ numeric: ['=', 12] }, { exists: true }, { exists: false }, { exists: false }),
  fc.constantFrom<Alternative>({ cidr: '10.0.0.0/24' }, { cidr: '0.0.0.0/0' }, { cidr: '::/64' }),
  oneOrMore.map((values) => ({ 'anything-but': values })),
  fc.constantFrom<Alternative>({ 'anything-but': 12 }, { 'anything-but': [0, 1] }),
  filled.map((prefix) => ({ 'anything-but': { prefix } })),
  filled.map((suffix) => ({ 'anything-but': { suffix } })),
  stars.map((wildcard) => ({ 'anything-but': { wildcard } })),
)

const mostAlternatives = 3
const leaves = fc.array(alternatives, { minLength: 1, maxLength: mostAlternatives })

const { pattern } = fc.letrec<{ pattern: Pattern }>((tie) => ({
  pattern: fc
    .tuple(
      fc.uniqueArray(
        fc.tuple(names, fc.oneof({ weight: 5, arbitrary: leaves }, { weight: 1, arbitrary: tie('pattern') })),
        { minLength: 1, maxLength: 2, selector: ([name]) => name },
      ),
      fc.option(fc.array(tie('pattern'), { minLength: 2, maxLength: 2 }), { freq: 6, nil: undefined }),
      fc.boolean(),
    )
    .map(([fields, or, first]) => {
      const alone: [string, unknown][] = or === undefined ? [] : [['$or', or]]
      return Object.fromEntries(first ? [...alone, ...fields] : [...fields, ...alone]) as Pattern
    }),
}))

const { event } = fc.letrec<{ event: object; value: unknown }>((tie) => ({
  event: fc
    .tuple(tie('value'), tie('value'), fc.array(fc.tuple(names, tie('value')), { maxLength: 3 }))
    .map(([a, b, more]) => Object.fromEntries([['a', a], ['b', b], ...more] as [string, unknown][])),
  value: fc.oneof(
    { weight: 6, arbitrary: scalars },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 2, arbitrary: tie('event') },
  ),
}))

/** Valid patterns, within the limits. */
export const somePattern: fc.Arbitrary<Pattern> = pattern.filter(
  (each) =>
    countBranches(each) <= limits.branches &&
    countLevels(each) <= limits.depth &&
    countLeaves(each) * mostAlternatives <= Math.min(limits.leaves, limits.scans),
)
/** Events that such patterns may match. */
export const someEvent: fc.Arbitrary<object> = event

function countBranches(each: Pattern): number {
  return Object.entries(each).reduce((product, [name, below]) => {
    if (name === '$or') return product * (below as readonly Pattern[]).reduce((sum, one) => sum + countBranches(one), 0)
    return Array.isArray(below) ? product : product * countBranches(below as Pattern)
  }, 1)
}

function countLevels(each: Pattern): number {
  const levels = Object.entries(each).map(([name, below]) => {
    if (name === '$or') return 1 + Math.max(...(below as readonly Pattern[]).map(countLevels))
    return name.split('.').length + (Array.isArray(below) ? 0 : countLevels(below as Pattern))
  })
  return Math.max(...levels)
}

function countLeaves(each: Pattern): number {
  return Object.entries(each).reduce((sum, [name, below]) => {
    if (name === '$or') return sum + (below as readonly Pattern[]).reduce((all, one) => all + countLeaves(one), 0)
    return sum + (Array.isArray(below) ? 1 : countLeaves(below as Pattern))
  }, 0)
}
