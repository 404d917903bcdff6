import { type Image, type Kind, links, type RecordName } from './records.js'

/*
What listeners of the simulation may ask for, each beside a reading of its own that shares no code with the product. A reading gives every answer that would be right:
a linked record may have had several states between emit and delivery, `look` gives them.
*/

/** An event as its emitter meant it. */
export interface Fact {
  readonly type: RecordName
  readonly kind: Kind
  readonly root: Image
  readonly before: Image | undefined
  readonly changed: readonly string[]
}

export type Look = (to: RecordName, id: string, ttlMs: number, typed: boolean) => readonly (Image | null)[]

export interface Wish {
  readonly expression: string
  /** Every value that would be right. */
  readonly read: (fact: Fact, look: Look) => readonly unknown[]
  readonly link?: string
}

export interface Filter {
  readonly pattern: Readonly<Record<string, unknown>>
  /** Every outcome that would be right. */
  readonly holds: (fact: Fact, look: Look) => readonly boolean[]
}

/** Every state of a linked record that the event may have met; what the event itself says of it wins. */
function linked(type: RecordName, root: Image, name: string, look: Look): readonly (Image | null)[] {
  const link = links[type][name]!
  const given = root[name] as Image | undefined
  const key = root[link.key]
  const states = typeof key === 'string' ? look(link.to, key, link.ttlMs, link.typed) : [null]
  return states.map((state) => (state === null ? (given ?? null) : { ...state, ...given }))
}

const own = (name: string): Wish => ({ expression: name, read: ({ root }) => [root[name] ?? null] })
const through = (link: string, name: string): Wish => ({
  expression: `${link}.${name}`,
  link,
  read: ({ type, root }, look) => linked(type, root, link, look).map((state) => state?.[name] ?? null),
})
const before = (name: string): Wish => ({
  expression: `$before.${name}`,
  read: (fact) => [fact.before?.[name] ?? null],
})
const changed: Wish = { expression: '$changed[]', read: (fact) => [fact.changed] }
const ownerLogin: Wish = {
  expression: 'repository.owner.login',
  link: 'repository',
  read: ({ type, root }, look) =>
    linked(type, root, 'repository', look).flatMap((state) =>
      state === null ? [null] : linked('repo', state, 'owner', look).map((person) => person?.login ?? null),
    ),
}

export const wishes: Readonly<Record<RecordName, readonly Wish[]>> = {
  person: [own('login'), own('team'), before('login')],
  repo: [own('name'), own('stars'), through('owner', 'login'), changed],
  issue: [
    own('title'),
    own('state'),
    own('size'),
    before('state'),
    changed,
    { expression: 'labels[]', read: ({ root }) => [root.labels ?? []] },
    through('repository', 'name'),
    through('repository', 'stars'),
    through('author', 'login'),
    ownerLogin,
  ],
  page: [own('title'), own('text'), through('editor', 'login')],
}

const test = (pattern: Filter['pattern'], holds: (fact: Fact) => boolean): Filter => ({
  pattern,
  holds: (fact) => [holds(fact)],
})
const linkTest = (
  pattern: Filter['pattern'],
  link: string,
  holds: (state: Image | null, fact: Fact) => boolean,
): Filter => ({
  pattern,
  holds: (fact, look) => linked(fact.type, fact.root, link, look).map((state) => holds(state, fact)),
})

export const filters: Readonly<Record<RecordName, readonly Filter[]>> = {
  person: [test({ team: ['core'] }, ({ root }) => root.team === 'core')],
  repo: [
    test({ stars: [{ numeric: ['>=', 3] }] }, ({ root }) => (root.stars as number) >= 3),
    linkTest({ owner: { team: ['core'] } }, 'owner', (state) => state?.team === 'core'),
  ],
  issue: [
    test({ state: ['closed', 'merged'] }, ({ root }) => root.state !== 'open'),
    test({ size: [{ numeric: ['>', 4] }] }, ({ root }) => (root.size as number) > 4),
    test({ labels: ['bug'] }, ({ root }) => (root.labels as string[]).includes('bug')),
    test({ $before: { state: ['open'] } }, (fact) => fact.before?.state === 'open'),
    test({ $changed: ['state'] }, (fact) => fact.changed.includes('state')),
    linkTest({ repository: { archived: [true] } }, 'repository', (state) => state?.archived === true),
    linkTest({ author: { team: ['core'] } }, 'author', (state) => state?.team === 'core'),
    linkTest(
      { $or: [{ state: ['open'] }, { repository: { stars: [{ numeric: ['>', 2] }] } }] },
      'repository',
      (state, { root }) => root.state === 'open' || (typeof state?.stars === 'number' && state.stars > 2),
    ),
  ],
  page: [
    test({ title: [{ prefix: 'w' }] }, ({ root }) => (root.title as string).startsWith('w')),
    linkTest({ editor: { team: ['core'] } }, 'editor', (state) => state?.team === 'core'),
  ],
}

/** For `when: 'selected-changed'`: whether what was selected differs between both images, links by what leads to them. */
export function selectedChanged(fact: Fact, selected: readonly Wish[]): boolean {
  if (fact.kind !== 'changed' || fact.before === undefined) return true
  const { before: image } = fact
  const nothing: Look = () => [null]
  return selected.some((wish) => {
    const key = wish.link === undefined ? undefined : links[fact.type][wish.link]?.key
    if (key !== undefined && image[key] !== fact.root[key]) return true
    const [then] = wish.read({ ...fact, root: image }, nothing)
    const [now] = wish.read(fact, nothing)
    return JSON.stringify(then) !== JSON.stringify(now)
  })
}
