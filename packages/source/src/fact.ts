import { protocolVersion, type SourceFact } from '@recordcast/protocol/control'
import { sourceAddress } from '@recordcast/protocol/names'
import type { OwnedRecord, OwnedRecords } from './owned.js'

/** What a source instance announces of itself. @param now milliseconds */
export function factOf(service: string, instance: string, owned: OwnedRecords, now: number): SourceFact {
  return {
    v: protocolVersion,
    kind: 'source',
    service,
    instance,
    address: sourceAddress(service, instance),
    since: new Date(now).toISOString(),
    records: owned.names.map((name) => announced(owned.get(name)!)),
  }
}

function announced({ name, schema, links, options }: OwnedRecord): SourceFact['records'][number] {
  const targets = [...links.values()].flatMap((link) => (link.target === undefined ? [] : [[link.name, link.target]]))
  const { events, sensitive = [] } = options
  return {
    name,
    ...(schema && { schema }),
    links: [...links.keys()],
    ...(targets.length > 0 && { targets: Object.fromEntries(targets) }),
    ...(sensitive.length > 0 && { sensitive: [...sensitive] }),
    ...(events && { events: [...events] }),
  }
}
