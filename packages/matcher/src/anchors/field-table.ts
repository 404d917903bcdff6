import { commonDigits } from '../leaf/any-address.js'
import { fold } from '../leaf/ignore-case.js'
import { digitsOf } from '../leaf/ip-range.js'
import type { Wanted } from '../leaf/wanted.js'
import type { Scalar } from '../pattern.js'
import { type AffixTable, createAffixTable, removeFrom, removeOne } from './affix-table.js'
import type { Posting } from './posting.js'
import { createRangeTable } from './range-table.js'

/*
All postings that are anchored at one field, filed so that a value of that field leads to those which it may satisfy:
never fewer, sometimes more, since every candidate is verified. Tables are made when first used.
*/

export interface FieldTable {
  /** Postings filed, counted by alternative. */
  readonly size: number
  add(wanted: Wanted, posting: Posting): void
  remove(wanted: Wanted, posting: Posting): void
  /** What choosing this alternative as an anchor is expected to cost; see choose-anchor.ts. */
  cost(wanted: Wanted): number
  /** Visits what the values of one event may lead to. */
  find(values: Iterable<Scalar>, visit: (posting: Posting) => void): void
}

/** Where an alternative is filed. 'any': wherever the field is there at all. */
type Filed =
  | { readonly in: 'exact'; readonly value: Scalar }
  | { readonly in: 'folded'; readonly text: string }
  | { readonly in: AffixKind; readonly text: string }
  | { readonly in: 'ranges'; readonly range: (Wanted & { kind: 'range' })['range'] }
  | { readonly in: 'any' }

const affixKinds = ['start', 'end', 'foldedStart', 'foldedEnd', 'digits'] as const
type AffixKind = (typeof affixKinds)[number]

/** How many times likelier a candidate of this kind is to come up in vain than an exact one. */
const weights = { exact: 1, folded: 2, start: 4, end: 4, foldedStart: 6, foldedEnd: 6, ranges: 8, digits: 8, any: 1000 }

export function createFieldTable(): FieldTable {
  const exact = new Map<Scalar, Posting[]>()
  const folded = new Map<string, Posting[]>()
  const affixes = new Map<AffixKind, AffixTable>()
  const ranges = createRangeTable()
  const any: Posting[] = []
  let size = 0

  function affixTable(kind: AffixKind): AffixTable {
    const table = affixes.get(kind) ?? createAffixTable()
    affixes.set(kind, table)
    return table
  }

  function crowd(filed: Filed): number {
    if (filed.in === 'exact') return exact.get(filed.value)?.length ?? 0
    if (filed.in === 'folded') return folded.get(filed.text)?.length ?? 0
    if (filed.in === 'ranges') return ranges.crowd(filed.range)
    return filed.in === 'any' ? any.length : (affixes.get(filed.in)?.crowd(filed.text) ?? 0)
  }

  function findText(value: string, visit: (posting: Posting) => void): void {
    affixes.get('start')?.find(value, visit)
    if (affixes.has('end')) affixes.get('end')?.find(reverse(value), visit)
    if (folded.size === 0 && !affixes.has('foldedStart') && !affixes.has('foldedEnd')) return
    const upper = fold(value)
    for (const posting of folded.get(upper) ?? []) visit(posting)
    affixes.get('foldedStart')?.find(upper, visit)
    if (affixes.has('foldedEnd')) affixes.get('foldedEnd')?.find(reverse(upper), visit)
  }

  return {
    get size() {
      return size
    },
    add(wanted, posting) {
      size++
      const filed = file(wanted)
      if (filed.in === 'exact') push(exact, filed.value, posting)
      else if (filed.in === 'folded') push(folded, filed.text, posting)
      else if (filed.in === 'ranges') ranges.add(filed.range, posting)
      else if (filed.in === 'any') any.push(posting)
      else affixTable(filed.in).add(filed.text, posting)
    },
    remove(wanted, posting) {
      size--
      const filed = file(wanted)
      if (filed.in === 'exact') removeFrom(exact, filed.value, posting)
      else if (filed.in === 'folded') removeFrom(folded, filed.text, posting)
      else if (filed.in === 'ranges') ranges.remove(filed.range, posting)
      else if (filed.in === 'any') removeOne(any, posting)
      else affixTable(filed.in).remove(filed.text, posting)
    },
    cost(wanted) {
      const filed = file(wanted)
      return weights[filed.in] * (1 + crowd(filed))
    },
    find(values, visit) {
      for (const posting of any) visit(posting)
      for (const value of values) {
        for (const posting of exact.get(value) ?? []) visit(posting)
        if (typeof value === 'number') ranges.find(value, visit)
        if (typeof value === 'string') findText(value, visit)
        const digits = affixes.has('digits') ? digitsOf(value) : undefined
        if (digits !== undefined) affixes.get('digits')?.find(digits, visit)
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
      return { in: 'end', text: reverse(wanted.text) }
    case 'same-letters':
      return { in: 'folded', text: fold(wanted.text) }
    case 'prefix-letters':
      return { in: 'foldedStart', text: fold(wanted.text) }
    case 'suffix-letters':
      return { in: 'foldedEnd', text: reverse(fold(wanted.text)) }
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
  return last === '' ? { in: 'any' } : { in: 'end', text: reverse(last) }
}

function push<Key>(buckets: Map<Key, Posting[]>, key: Key, posting: Posting): void {
  const bucket = buckets.get(key)
  if (bucket === undefined) buckets.set(key, [posting])
  else bucket.push(posting)
}

/** Code units back to front, as many of the last ones as an affix table looks at. */
function reverse(text: string): string {
  let reversed = ''
  for (let at = text.length - 1; at >= Math.max(0, text.length - 32); at--) reversed += text[at]
  return reversed
}
