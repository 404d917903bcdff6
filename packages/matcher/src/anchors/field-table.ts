import { commonDigits } from '../leaf/any-address.js'
import { fold, hashFolded, mostStretch } from '../leaf/ignore-case.js'
import { digitsOf } from '../leaf/ip-range.js'
import type { NumberRange, Wanted } from '../leaf/wanted.js'
import type { Scalar } from '../pattern.js'
import { steps, type Work } from '../work.js'
import { type AffixTree, createAffixTree } from './affix-tree.js'
import type { Effort } from './effort.js'
import { isOne, type OneOrMore, type Posting, sizeOf, type Visit, withOne, withoutOne } from './posting.js'
import { createRangeTable } from './range-table.js'

/*
All postings that are anchored at one field, filed so that a value of that field leads to those which it may satisfy:
never fewer, sometimes more, since every candidate is verified. Trees are made when first used.
*/

export interface FieldTable {
  /** Postings filed, counted by alternative. */
  readonly size: number
  add(wanted: Wanted, posting: Posting): void
  remove(wanted: Wanted, posting: Posting): void
  /** What choosing this alternative as an anchor is expected to cost; see choose-anchor.ts. */
  cost(wanted: Wanted): number
  /** Visits what the field may lead to by being there at all. */
  findAny(visit: Visit): void
  /** Visits what one of its values may lead to. */
  find(value: Scalar, visit: Visit): void
  /** The same for many values, each of which is counted; ends early when the work is used up. */
  findEach(values: Iterable<Scalar>, visit: Visit, work: Work): void
}

/** Where an alternative is filed. 'any': wherever the field is there at all. */
type Filed =
  | { readonly in: 'exact'; readonly value: Scalar }
  | { readonly in: 'folded'; readonly text: string; readonly hash: number }
  | { readonly in: AffixKind; readonly text: string }
  | { readonly in: 'ranges'; readonly range: NumberRange }
  | { readonly in: 'any' }

type AffixKind = 'start' | 'end' | 'foldedStart' | 'foldedEnd' | 'digits'

/** How many times likelier a candidate of this kind is to come up in vain than an exact one. */
const weights = { exact: 1, folded: 2, start: 4, end: 4, foldedStart: 6, foldedEnd: 6, ranges: 8, digits: 8, any: 1000 }

/** Of a text that is to be folded: more than a tree of affixes looks at, for folding shortens nothing. */
const enough = 320

export function createFieldTable(effort: Effort): FieldTable {
  const exact = new Map<Scalar, OneOrMore<Posting>>()
  const folded = new Map<number, OneOrMore<Posting>>()
  const affixes: { [kind in AffixKind]?: AffixTree } = {}
  const ranges = createRangeTable(effort)
  const any: Posting[] = []
  let longestFolded = 0
  let size = 0

  function affixTree(kind: AffixKind): AffixTree {
    affixes[kind] ??= createAffixTree(kind === 'end' || kind === 'foldedEnd' ? 'end' : 'start', effort)
    return affixes[kind]
  }

  function crowd(filed: Filed): number {
    if (filed.in === 'exact') return sizeOf(exact.get(filed.value))
    if (filed.in === 'folded') return sizeOf(folded.get(filed.hash))
    if (filed.in === 'ranges') return ranges.crowd(filed.range)
    return filed.in === 'any' ? any.length : (affixes[filed.in]?.crowd(filed.text) ?? 0)
  }

  function findText(value: string, visit: Visit): void {
    affixes.start?.find(value, visit)
    affixes.end?.find(value, visit)
    if (folded.size > 0 && value.length <= longestFolded * mostStretch)
      visitAll(folded.get(hashFolded(value)), visit, false)
    if (affixes.foldedStart === undefined && affixes.foldedEnd === undefined) return
    affixes.foldedStart?.find(fold(value.slice(0, enough)), visit)
    affixes.foldedEnd?.find(fold(value.slice(-enough)), visit)
  }

  function find(value: Scalar, visit: Visit): void {
    effort.steps++
    if (exact.size > 0) visitAll(exact.get(value), visit, true)
    if (typeof value === 'string') findText(value, visit)
    else if (typeof value === 'number') ranges.find(value, visit)
    const digits = affixes.digits === undefined ? undefined : digitsOf(value)
    if (digits !== undefined) affixes.digits?.find(digits, visit)
  }

  return {
    get size() {
      return size
    },
    add(wanted, posting) {
      size++
      const filed = file(wanted)
      if (filed.in === 'exact') exact.set(filed.value, withOne(exact.get(filed.value), posting))
      else if (filed.in === 'folded') {
        folded.set(filed.hash, withOne(folded.get(filed.hash), posting))
        longestFolded = Math.max(longestFolded, filed.text.length)
      } else if (filed.in === 'ranges') ranges.add(filed.range, posting)
      else if (filed.in === 'any') any.push(posting)
      else affixTree(filed.in).add(filed.text, posting)
    },
    remove(wanted, posting) {
      size--
      const filed = file(wanted)
      if (filed.in === 'exact') removeFrom(exact, filed.value, posting)
      else if (filed.in === 'folded') removeFrom(folded, filed.hash, posting)
      else if (filed.in === 'ranges') ranges.remove(filed.range, posting)
      else if (filed.in === 'any') removeOne(any, posting)
      else {
        affixes[filed.in]?.remove(filed.text, posting)
        if (affixes[filed.in]?.isEmpty) delete affixes[filed.in]
      }
    },
    cost(wanted) {
      const filed = file(wanted)
      return weights[filed.in] * (1 + crowd(filed))
    },
    findAny(visit) {
      for (const posting of any) visit(posting, false)
    },
    find,
    findEach(values, visit, work) {
      const { foldedStart, foldedEnd, digits } = affixes
      const foldings = Number(foldedStart !== undefined) + Number(foldedEnd !== undefined)
      const trees = steps.tree * Object.keys(affixes).length + steps.folding * foldings
      const each = steps.lookUp + trees + (digits === undefined ? 0 : steps.address)
      for (const value of values) {
        work.left -= each
        if (work.left < 0) return
        find(value, visit)
      }
    },
  }
}

function file(wanted: Wanted): Filed {
  switch (wanted.kind) {
    case 'exact':
      return { in: 'exact', value: wanted.value }
    case 'prefix':
      return { in: 'start', text: wanted.text }
    case 'suffix':
      return { in: 'end', text: wanted.text }
    case 'same-letters':
      return { in: 'folded', text: wanted.text, hash: hashFolded(wanted.text) }
    case 'prefix-letters':
      return { in: 'foldedStart', text: fold(wanted.text) }
    case 'suffix-letters':
      return { in: 'foldedEnd', text: fold(wanted.text) }
    case 'range':
      return { in: 'ranges', range: wanted.range }
    case 'ip':
      return { in: 'digits', text: commonDigits(wanted.range) }
    case 'wildcard':
      return fileWildcard(wanted.parts)
    default:
      return { in: 'any' }
  }
}

function fileWildcard(parts: readonly string[]): Filed {
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (parts.length === 1) return { in: 'exact', value: first }
  if (first.length >= last.length && first !== '') return { in: 'start', text: first }
  return last === '' ? { in: 'any' } : { in: 'end', text: last }
}

function visitAll(postings: OneOrMore<Posting> | undefined, visit: Visit, isSure: boolean): void {
  if (postings === undefined) return
  if (isOne(postings)) visit(postings, isSure)
  else for (let at = 0; at < postings.length; at++) visit(postings[at] as Posting, isSure)
}

function removeFrom<Key>(buckets: Map<Key, OneOrMore<Posting>>, key: Key, posting: Posting): void {
  const left = withoutOne(buckets.get(key), posting)
  if (left === undefined) buckets.delete(key)
  else buckets.set(key, left)
}

/** Takes one occurrence out; the order of the others is not kept. */
export function removeOne(postings: Posting[], posting: Posting): void {
  const at = postings.lastIndexOf(posting)
  const last = postings.pop()
  if (last !== undefined && at < postings.length && at >= 0) postings[at] = last
}
