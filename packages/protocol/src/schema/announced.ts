import type { SourceFact } from '../control/facts.js'
import type { RecordNames } from './verify-names.js'

/** Record types as a source announced them, by name. */
export function announcedNames(records: SourceFact['records']): ReadonlyMap<string, RecordNames> {
  return new Map(
    records.map(({ name, schema, links, targets = {} }) => {
      const target = (link: string): string | undefined => (Object.hasOwn(targets, link) ? targets[link] : undefined)
      return [name, { schema, links: new Map(links.map((link) => [link, { target: target(link) }])) }]
    }),
  )
}
