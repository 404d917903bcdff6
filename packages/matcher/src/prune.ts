import { nestedLists } from './limits.js'
import { createFieldTree, type FieldNode } from './read/field-tree.js'
import { isObject } from './refuse.js'

/**
 * Cuts an event down to what some fields read. Lists and nesting stay, so that any pattern which reads only those
 * fields gives the same answer; what holds none of them is gone. The event itself is not changed. What is no object is
 * given back as it is.
 *
 * @param paths fields as lists of names from the top of the event, such as `CompiledPattern.paths`.
 */
export function prune(event: unknown, paths: readonly (readonly string[])[]): unknown {
  if (!isObject(event)) return event
  const { root } = createFieldTree(paths)
  return pruneObject(root, event, 0) ?? {}
}

function pruneObject(node: FieldNode, object: Readonly<Record<string, unknown>>, depth: number): object | undefined {
  const kept: [string, unknown][] = []
  for (const [key, next] of node.keys) {
    const value = Object.hasOwn(object, key) ? pruneValue(next, object[key], depth) : undefined
    if (value !== undefined) kept.push([key, value])
  }
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

function pruneValue(node: FieldNode, value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return pruneList(node, value, depth + 1)
  if (isObject(value)) return pruneObject(node, value, depth)
  return node.slot >= 0 ? value : undefined
}

function pruneList(node: FieldNode, list: readonly unknown[], depth: number): unknown[] | undefined {
  if (depth > nestedLists) return undefined
  const kept = list.map((member) => pruneValue(node, member, depth)).filter((member) => member !== undefined)
  return kept.length === 0 ? undefined : kept
}
