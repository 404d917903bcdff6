import type { Emitted } from './emitted.js'
import type { Entry } from './entry.js'
import { sameValue } from './same.js'

type Compared = NonNullable<Entry['compared']>

/** Whether `when: 'selected-changed'` lets an event go: something selected differs between both images, or there is none before. */
export function isChanged(compared: Compared, emitted: Emitted): boolean {
  const { before, root, changed } = emitted
  if (before === undefined) return true
  const context = { before, changed }
  const { expressions, links } = compared
  if (expressions.some((each) => !sameValue(each.read(before, context), each.read(root, context)))) return true
  return links.some((name) => pointsElsewhere(name, emitted))
}

/** The same in words: the expressions that differ, links as `link?id`. */
export function differing({ expressions, links }: Compared, emitted: Emitted): string[] {
  const { before, root, changed } = emitted
  if (before === undefined) return []
  const context = { before, changed }
  const differs = expressions.filter((each) => !sameValue(each.read(before, context), each.read(root, context)))
  const elsewhere = links.filter((name) => pointsElsewhere(name, emitted))
  return [...new Set([...differs.map(({ canonical }) => canonical), ...elsewhere.map((name) => `${name}?id`)])]
}

function pointsElsewhere(name: string, { before, root, record }: Emitted): boolean {
  const { key } = record.links.get(name)!
  try {
    return !sameValue(asText(key(before!)), asText(key(root)))
  } catch {
    return true
  }
}

const asText = (key: unknown): unknown =>
  Array.isArray(key) ? key.map(asText) : key === null || key === undefined ? null : String(key)
