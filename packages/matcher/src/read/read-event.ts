import { nestedLists } from '../limits.js'
import type { Scalar } from '../pattern.js'
import { isObject } from '../refuse.js'
import type { FieldNode, FieldTree } from './field-tree.js'

/** An element of a list that has others beside it, on the way to a value. */
export interface Element {
  readonly id: number
  /** The list, numbered within the reading. */
  readonly list: number
  /** The element around that list, if any. */
  readonly parent: Element | undefined
}

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
}

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

  function readObject(
    node: FieldNode,
    object: Readonly<Record<string, unknown>>,
    within: Element | undefined,
    depth: number,
  ) {
    if (node.keys.size > manyNames) {
      for (const key of Object.keys(object)) {
        const next = node.keys.get(key)
        if (next !== undefined) readValue(next, object[key], within, depth)
      }
      return
    }
    for (const [key, next] of node.keys) if (Object.hasOwn(object, key)) readValue(next, object[key], within, depth)
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
      const element = isPlace && list.length > 1 ? { id: elements++, list: id, parent: within } : within
      readValue(node, member, element, depth)
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
  return { fields, held }
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
