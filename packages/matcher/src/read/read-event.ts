import { nestedLists } from '../limits.js'
import type { Scalar } from '../pattern.js'
import { isObject } from '../refuse.js'
import type { Element } from './element.js'
import type { FieldNode, FieldTree } from './field-tree.js'

/** What one field holds. The same position in both lists belongs together; undefined: under no list that matters. */
export interface Field {
  readonly values: Scalar[]
  readonly elements: (Element | undefined)[]
}

/** The fields of one event by slot of the tree; those that hold nothing are left out. */
export interface Reading {
  readonly fields: readonly (Field | undefined)[]
  /** Slots that hold something. */
  readonly held: readonly number[]
  /** Whether an object spells the beginning of a name in two ways: "a.b" beside {"a": {"b"}}. */
  readonly ambiguous: boolean
}

type JsonObject = Readonly<Record<string, unknown>>

/** Above so many names the names of the event are walked, not those of the tree. */
const manyNames = 32

/**
 * Reads every field of the tree once. A list is transparent: its members stand in its place. undefined: the event is
 * not an object and matches nothing.
 */
export function readEvent(tree: FieldTree, event: unknown): Reading | undefined {
  if (!isObject(event)) return undefined
  const fields: (Field | undefined)[] = []
  const held: number[] = []
  let elements = 0
  let lists = 0
  let ambiguous = false

  function readObject(node: FieldNode, object: JsonObject, within: Element | undefined, depth: number): void {
    let dotted: Set<string> | undefined
    const readMember = (key: string, next: FieldNode) => {
      if (key.includes('.')) {
        const first = key.slice(0, key.indexOf('.'))
        ambiguous ||= Object.hasOwn(object, first) || dotted?.has(first) === true
        dotted = (dotted ?? new Set()).add(first)
      }
      readValue(next, object[key], within, depth)
    }
    if (node.keys.size <= manyNames) {
      for (const [key, next] of node.keys) if (Object.hasOwn(object, key)) readMember(key, next)
      return
    }
    for (const key of Object.keys(object)) {
      const next = node.keys.get(key)
      if (next !== undefined) readMember(key, next)
    }
  }

  function readValue(node: FieldNode, value: unknown, within: Element | undefined, depth: number): void {
    if (Array.isArray(value)) readList(node, value, within, depth + 1)
    else if (isObject(value)) readObject(node, value, within, depth)
    else if (node.slot >= 0 && isScalar(value)) keep(node.slot, value, within)
  }

  function readList(node: FieldNode, list: readonly unknown[], within: Element | undefined, depth: number): void {
    if (depth > nestedLists) return
    const id = lists++
    for (const member of list) {
      const isPlace = typeof member === 'object' && member !== null && (node.keys.size > 0 || Array.isArray(member))
      if (!isPlace || list.length === 1) {
        readValue(node, member, within, depth)
        continue
      }
      const element = { id: elements++, end: 0, list: id, parent: within }
      readValue(node, member, element, depth)
      element.end = elements - 1
    }
  }

  function keep(slot: number, value: Scalar, within: Element | undefined): void {
    const field = fields[slot]
    if (field !== undefined) {
      field.values.push(value)
      field.elements.push(within)
      return
    }
    fields[slot] = { values: [value], elements: [within] }
    held.push(slot)
  }

  readObject(tree.root, event, undefined, 0)
  return { fields, held, ambiguous }
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
