import { RecordcastError } from '@recordcast/protocol/errors'
import type { Wanted } from '../leaf/wanted.js'
import { limits } from '../limits.js'
import { invalid, isObject, tooComplex, within } from '../refuse.js'
import type { Leaf, Parsed } from './leaf.js'
import { operatorNames, parseAlternative } from './parse-alternative.js'

/*
A pattern is read from top to bottom into rows, each a conjunction: leaf by name. A list of alternatives enters every
row there is and replaces what the row has for that name; an `$or` puts a copy of the rows into each of its alternatives
and goes on with all of them. So order matters where a name occurs twice, as it does for event-ruler.

Where a pattern cannot be read so, but can when `$or` is a name like any other, it is read that way: patterns written
before `$or` had a meaning keep theirs. That too is event-ruler's doing.
*/

type Row = Map<string, Leaf>

interface Place {
  readonly pointer: string
  readonly path: readonly string[]
  readonly depth: number
  readonly branch: string | undefined
}

interface Reading {
  readonly leaves: Leaf[]
  readonly orIsName: boolean
  scans: number
  values: number
  sawOr: boolean
}

/** Reads a pattern. Throws `invalid-pattern` or `pattern-too-complex` with the place. */
export function parsePattern(pattern: unknown): Parsed {
  try {
    return parse(pattern, false)
  } catch (error) {
    if (!(error instanceof RecordcastError) || error.code !== 'invalid-pattern') throw error
    try {
      return parse(pattern, true)
    } catch {
      throw error
    }
  }
}

function parse(pattern: unknown, orIsName: boolean): Parsed {
  const reading: Reading = { leaves: [], orIsName, scans: 0, values: 0, sawOr: false }
  const rows = readObject(reading, pattern, { pointer: '', path: [], depth: 0, branch: undefined }, [])
  // Of one row no more can come than was counted already.
  if (rows.length > 1) guardCandidates(rows)
  const branches = rows.map((row) => [...row.values()].sort((a, b) => (a.name < b.name ? -1 : 1)))
  return { branches, leaves: reading.leaves, hasOr: reading.sawOr }
}

function readObject(reading: Reading, object: unknown, place: Place, before: Row[]): Row[] {
  if (!isObject(object)) throw invalid(place.pointer, object, 'an object of fields')
  if (place.depth >= limits.depth) throw tooComplex(place.pointer, 'depth', place.depth + 1)
  const names = Object.keys(object)
  if (names.length === 0) throw invalid(place.pointer, object, 'at least one field')
  let rows = before
  for (const name of names) {
    if (name === '$or' && !reading.orIsName) rows = readOr(reading, object[name], place, rows)
    else rows = readField(reading, name, object[name], place, rows)
  }
  return rows
}

function readField(reading: Reading, name: string, value: unknown, place: Place, rows: Row[]): Row[] {
  const pointer = within(place.pointer, name)
  if (place.branch !== undefined && reserved.has(name)) throw invalid(pointer, name, 'a field, not an operator, in $or')
  const path = name.includes('.') ? [...place.path, ...name.split('.')] : [...place.path, name]
  const depth = place.depth + path.length - place.path.length
  const inner: Place = { pointer, path, depth, branch: place.branch }
  if (inner.depth > limits.depth) throw tooComplex(pointer, 'depth', inner.depth)
  if (!Array.isArray(value)) {
    if (!isObject(value)) throw invalid(pointer, value, 'a list of alternatives or an object of fields')
    return readObject(reading, value, inner, rows)
  }
  const leaf = readLeaf(reading, value, inner)
  const all = rows.length === 0 ? [new Map<string, Leaf>()] : rows
  for (const row of all) row.set(leaf.name, leaf)
  return all
}

function readOr(reading: Reading, value: unknown, place: Place, before: Row[]): Row[] {
  const pointer = within(place.pointer, '$or')
  if (!Array.isArray(value)) throw invalid(pointer, value, 'a list of two or more patterns')
  if (value.length < 2) throw invalid(pointer, value, 'two or more patterns')
  reading.sawOr = true
  const rows: Row[] = []
  for (const [index, pattern] of value.entries()) {
    const branch = within(pointer, index)
    const copies = before.map((row) => new Map(row))
    rows.push(...readObject(reading, pattern, { ...place, pointer: branch, depth: place.depth + 1, branch }, copies))
    if (rows.length > limits.branches) throw tooComplex(pointer, 'branches', rows.length)
  }
  return rows
}

function readLeaf(reading: Reading, source: readonly unknown[], place: Place): Leaf {
  const { pointer, path, branch } = place
  if (source.length === 0) throw invalid(pointer, source, 'at least one alternative')
  if (source.length > limits.alternatives) throw tooComplex(pointer, 'alternatives', source.length)
  const alternatives = source.map((alternative, index) => parseAlternative(alternative, within(pointer, index)))
  guard(reading, alternatives, pointer)
  const leaf: Leaf = {
    pointer,
    branch,
    path,
    name: path.join('.'),
    source,
    alternatives,
    absent: alternatives.some((wanted) => wanted.kind === 'absent'),
  }
  reading.leaves.push(leaf)
  if (reading.leaves.length > limits.leaves) throw tooComplex('', 'leaves', reading.leaves.length)
  return leaf
}

const scanned = new Set<Wanted['kind']>(['wildcard', 'range', 'prefix-letters', 'suffix-letters'])

function guard(reading: Reading, alternatives: readonly Wanted[], pointer: string): void {
  let count = 0
  for (const wanted of alternatives) {
    count += countOf(wanted)
    if (wanted.kind !== 'but') reading.scans += scanned.has(wanted.kind) ? 1 : 0
    else for (const each of wanted.none) reading.scans += scanned.has(each.kind) ? 1 : 0
  }
  if (count > limits.alternatives) throw tooComplex(pointer, 'alternatives', count)
  reading.values += count
  if (reading.values > limits.candidates) throw tooComplex('', 'candidates', reading.values)
  if (reading.scans > limits.scans) throw tooComplex(pointer, 'scans', reading.scans)
}

function guardCandidates(rows: readonly Row[]): void {
  const counts = new Map<Leaf, number>()
  let sum = 0
  for (const row of rows) {
    for (const leaf of row.values()) {
      const count = counts.get(leaf) ?? leaf.alternatives.reduce((all, wanted) => all + countOf(wanted), 0)
      counts.set(leaf, count)
      sum += count
    }
  }
  if (sum > limits.candidates) throw tooComplex('', 'candidates', sum)
}

function countOf(wanted: Wanted): number {
  return wanted.kind === 'but' ? wanted.none.length : 1
}

/** Names that event-ruler keeps for itself within `$or`. */
const reserved = new Set([
  ...operatorNames,
  ...['=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case', 'date-after'],
  ...['date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range', 'ip-address-in-range'],
  'ip-address-not-in-range',
])
