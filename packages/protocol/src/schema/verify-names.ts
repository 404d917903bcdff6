import type { Problem } from '../errors/problem.js'
import type { NameTree } from '../language/atom.js'
import type { JsonObject } from '../names/json.js'
import { nearestNames } from '../names/nearest.js'
import { type Known, propertiesOf, rooted } from './known.js'

/*
Whether the names that a path walks exist: links first, then the properties of the record's JSON Schema. What the schema cannot tell (no schema,
an empty one, open additional properties) is open: every name is taken.
*/

/** A record type as far as its names go. A source has it of what it owns, everybody else of what sources announce. */
export interface RecordNames {
  /** JSON Schema 2020-12; undefined: it cannot be told, and every name is taken. */
  readonly schema: JsonObject | undefined
  /** By name; `target` is the record type that a link leads to, where it was named. */
  readonly links: ReadonlyMap<string, { readonly target: string | undefined }>
}

/**
 * Reasons against a name tree, one for each unknown name; none when all exist. `path` begins each place. `suggest` finds
 * the nearest names; a caller that judges what came from the network bounds how often it does.
 * `records` gives the other record types by name, for links that lead to them.
 */
export function verifyNames(
  tree: NameTree,
  record: RecordNames,
  records: { get(name: string): RecordNames | undefined },
  path: string,
  suggest = nearestNames,
): Problem[] {
  const walk = (at: NameTree, schema: unknown, of: RecordNames | undefined, prefix: string): Problem[] => {
    const known = propertiesOf(schema, schema)
    return [...at.names].flatMap(([name, branch]) => {
      const link = of?.links.get(name)
      const target = link?.target === undefined ? undefined : records.get(link.target)
      if (target !== undefined) return walk(branch, target.schema, target, `${prefix}${name}.`)
      if (link !== undefined || known.open || known.properties.has(name)) {
        if (branch.names.size === 0) return []
        return walk(branch, rooted(known.properties.get(name) ?? known.rest, schema), undefined, `${prefix}${name}.`)
      }
      const nearest = suggest(name, existingNames(known, of)).map((each) => prefix + each)
      const where = path === 'filter' ? ', which the filter reads' : ''
      const hint = nearest.length > 0 ? `; nearest: ${nearest.join(', ')}` : ''
      const message = `There is no attribute "${prefix}${name}"${where}${hint}`
      return [{ code: 'unknown-attribute' as const, message, path, found: prefix + name, nearest }]
    })
  }
  return walk(tree, record.schema, record, '')
}

/** Only looked through if somebody wants suggestions. */
function* existingNames(known: Known, record: RecordNames | undefined): Iterable<string> {
  yield* known.properties.keys()
  if (record !== undefined) yield* record.links.keys()
}
