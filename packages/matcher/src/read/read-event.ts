import { nestedLists } from '../limits.js'
import type { Scalar } from '../pattern.js'
import { isObject } from '../refuse.js'
import { steps, type Work } from '../work.js'
import type { Element } from './element.js'
import { type FieldNode, type FieldTree, spellingsOf } from './field-tree.js'
import { Reading } from './reading.js'

type JsonObject = Readonly<Record<string, unknown>>

/**
 * Reads every field of the tree once. A list is transparent: its members stand in its place. undefined: the event is
 * not an object and matches nothing. When the work is used up the rest is not read.
 *
 * @param reading an empty one, to be filled.
 * @param manyNames where a node has more, the names of the event are walked instead. Listing those of an object that has a
 *   hundred thousand takes as long as a hundred thousand look-ups, so only who reads for many patterns should do it.
 */
export function readEvent(
  tree: FieldTree,
  event: unknown,
  work: Work,
  reading = new Reading(),
  manyNames = Number.POSITIVE_INFINITY,
): Reading | undefined {
  if (!isObject(event)) return undefined
  readObject({ reading, work, manyNames, elements: 0, lists: 0 }, tree.root, event, undefined, 0)
  return reading
}

interface Walk {
  readonly reading: Reading
  readonly work: Work
  readonly manyNames: number
  elements: number
  lists: number
}

function readObject(walk: Walk, node: FieldNode, object: JsonObject, within: Element | undefined, depth: number): void {
  if (node.keys.size > walk.manyNames) {
    readNames(walk, node, object, within, depth)
    return
  }
  const spellings = spellingsOf(node)
  walk.work.left -= spellings.length * steps.name
  if (walk.work.left < 0) return
  let dotted: Set<string> | undefined
  for (let at = 0; at < spellings.length; at++) {
    const { key, next, first } = spellings[at] as (typeof spellings)[number]
    if (!Object.hasOwn(object, key)) continue
    if (first !== undefined) dotted = noteDotted(walk, object, first, dotted)
    readValue(walk, next, object[key], within, depth)
  }
}

function readNames(walk: Walk, node: FieldNode, object: JsonObject, within: Element | undefined, depth: number): void {
  const names = Object.keys(object)
  walk.work.left -= names.length * steps.name
  let dotted: Set<string> | undefined
  for (const name of names) {
    const next = node.keys.get(name)
    if (next === undefined) continue
    const dot = name.indexOf('.')
    if (dot >= 0) dotted = noteDotted(walk, object, name.slice(0, dot), dotted)
    readValue(walk, next, object[name], within, depth)
  }
}

/** Takes note of a dotted name in an object, and whether the same beginning stands there in another spelling. */
function noteDotted(
  { reading }: Walk,
  object: JsonObject,
  first: string,
  before: Set<string> | undefined,
): Set<string> {
  reading.ambiguous ||= Object.hasOwn(object, first) || before?.has(first) === true
  return (before ?? new Set()).add(first)
}

function readValue(walk: Walk, node: FieldNode, value: unknown, within: Element | undefined, depth: number): void {
  if (typeof value === 'object' && value !== null) {
    if (Array.isArray(value)) readList(walk, node, value, within, depth + 1)
    else if (node.keys.size > 0) readObject(walk, node, value as JsonObject, within, depth)
  } else if (node.slot >= 0 && isScalar(value)) {
    walk.work.left -= steps.value
    walk.reading.keep(node.slot, value, within)
  }
}

function readList(
  walk: Walk,
  node: FieldNode,
  list: readonly unknown[],
  within: Element | undefined,
  depth: number,
): void {
  if (depth > nestedLists) return
  walk.work.left -= steps.member
  const id = walk.lists++
  for (const member of list) {
    walk.work.left -= steps.member
    if (walk.work.left < 0) return
    const isPlace = typeof member === 'object' && member !== null && (node.keys.size > 0 || Array.isArray(member))
    if (!isPlace || list.length === 1) {
      readValue(walk, node, member, within, depth)
      continue
    }
    const element = { id: walk.elements++, end: 0, list: id, depth: (within?.depth ?? 0) + 1, parent: within }
    readValue(walk, node, member, element, depth)
    element.end = walk.elements - 1
  }
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
