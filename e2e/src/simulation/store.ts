import type { Dice } from './random.js'
import { type Image, ids, type RecordName, type Tenant, tenants } from './records.js'

interface Version {
  readonly from: number
  readonly image: Image | null
}

/** What the services keep in their databases, with its whole past. */
export interface Store {
  now(type: RecordName, tenant: Tenant, id: string): Image | null
  set(type: RecordName, tenant: Tenant, id: string, image: Image | null): void
  /** Every state in which the record was at some moment from `from` to `to`. */
  between(type: RecordName, tenant: Tenant, id: string, from: number, to: number): readonly (Image | null)[]
}

export function createStore(now: () => number, dice: Dice): Store {
  const slots = new Map<string, Version[]>()
  const slot = (type: RecordName, tenant: Tenant, id: string): Version[] => {
    const key = `${type}/${tenant ?? ''}/${id}`
    const versions = slots.get(key) ?? []
    slots.set(key, versions)
    return versions
  }
  const store: Store = {
    now: (type, tenant, id) => slot(type, tenant, id).at(-1)?.image ?? null,
    set: (type, tenant, id, image) => void slot(type, tenant, id).push({ from: now(), image }),
    between(type, tenant, id, from, to) {
      const versions = slot(type, tenant, id)
      const held = versions.filter((version, index) => version.from <= to && (versions[index + 1]?.from ?? to) >= from)
      return held.length > 0 ? held.map(({ image }) => image) : [null]
    },
  }
  for (const tenant of tenants) {
    for (const type of Object.keys(ids) as RecordName[]) {
      for (const id of ids[type]) store.set(type, tenant, id, newImage(type, tenant, dice))
    }
  }
  return store
}

/** A state of a record; every text of it names its tenant. */
export function newImage(type: RecordName, tenant: Tenant, dice: Dice): Image {
  const text = (): string => `${tenant ?? 'all'}-${dice.upTo(1_000_000)}`
  switch (type) {
    case 'person':
      return { login: text(), team: dice.pick(['core', 'docs']) }
    case 'repo':
      return { name: text(), stars: dice.upTo(6), archived: dice.chance(0.5), ownerId: dice.pick(ids.person) }
    case 'issue':
      return {
        title: text(),
        state: dice.pick(['open', 'closed', 'merged']),
        size: dice.upTo(10),
        labels: dice.some(['bug', 'ui', 'slow'], 0),
        repositoryId: dice.pick(ids.repo),
        authorId: dice.pick(ids.person),
      }
    case 'page':
      return { title: `${dice.pick(['w', 'x'])}-${text()}`, text: text(), editorId: dice.pick(ids.person) }
  }
}

/** The same record, changed in some of its facts. */
export function changedImage(type: RecordName, tenant: Tenant, image: Image, dice: Dice): Image {
  const fresh = newImage(type, tenant, dice)
  const names = dice.some(Object.keys(fresh), 1)
  return { ...image, ...Object.fromEntries(names.map((name) => [name, fresh[name]])) }
}
