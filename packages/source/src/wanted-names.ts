import type { Topic } from './directory.js'
import type { NameTree } from './follow.js'
import type { OwnedRecords } from './owned.js'

const slotOf = (record: string, link: string | undefined): string => `${record} ${link ?? ''}`

/** Top-level names that all subscriptions want of a link; with link undefined, of the record itself. */
export type WantedNames = (record: string, link: string | undefined) => readonly string[]

/** Names wanted of every link of every record, nested links included, in one walk over all name trees. */
export function collectWanted(topics: ReadonlyMap<string, Topic>, owned: OwnedRecords): WantedNames {
  const names = new Map<string, Set<string>>()
  const note = (slot: string, name: string): void => void names.set(slot, (names.get(slot) ?? new Set()).add(name))
  const visit = (record: string, tree: NameTree): void => {
    const links = owned.get(record)?.links
    for (const [name, below] of tree.names) {
      const link = links?.get(name)
      if (link === undefined) note(slotOf(record, undefined), name)
      else for (const each of below.names.keys()) note(slotOf(record, link.name), each)
      if (link?.target !== undefined) visit(link.target, below)
    }
  }
  for (const [event, topic] of topics) {
    const record = event.slice(0, event.indexOf('.'))
    // Most share theirs with others.
    const images = new Set<{ readonly after: readonly NameTree[]; readonly before: readonly NameTree[] }>()
    for (const { trees, filter } of topic.matcher.keys()) {
      images.add(trees)
      if (filter !== undefined) images.add(filter.trees)
    }
    for (const { after, before } of images) for (const tree of [...after, ...before]) visit(record, tree)
  }
  const sorted = new Map(Array.from(names, ([slot, set]) => [slot, [...set].sort()]))
  return (record, link) => sorted.get(slotOf(record, link)) ?? []
}
