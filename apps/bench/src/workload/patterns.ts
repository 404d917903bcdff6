import { pick, seeded } from '../random.js'
import { type Event, realEvents } from './events.js'

export type Pattern = Readonly<Record<string, unknown>>
type Leaf = readonly unknown[]

/*
Subscriptions as services have them. Two thirds name a repository or a person exactly, nearly always one that none of the events is about; a
third asks more broadly. Beside it most read one or two further fields, with every operator in the mixture. Deterministic: the
same number gives the same patterns.
*/

/** The share of exact values that occur in an event at all. */
const real = 0.01

const read = (event: Event, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], event)

export function somePatterns(count: number): readonly Pattern[] {
  const random = seeded(count)
  const events = realEvents()
  const seen = (path: string): string[] => [
    ...new Set(events.map((event) => read(event, path)).filter((value) => typeof value === 'string')),
  ]
  const kinds = seen('kind')
  const actions = seen('action')
  const logins = seen('sender.login')
  const owners = seen('repository.owner.login')
  const names = seen('repository.full_name')
  const someone = (): string => (random() < real ? pick(random, logins) : `user-${Math.floor(random() * 1e6)}`)
  const somewhere = (): string =>
    random() < real ? pick(random, names) : `org-${Math.floor(random() * 1e4)}/repo-${Math.floor(random() * 1e6)}`
  const selective = (): [string, Leaf] => {
    if (random() < 0.5) return ['repository.full_name', [somewhere()]]
    return random() < 0.5 ? ['sender.login', [someone()]] : ['repository.owner.login', [someone()]]
  }
  const start = (text: string): string => text.slice(0, 2 + Math.floor(random() * 3))
  const broad: readonly (() => [string, Leaf])[] = [
    () => ['repository.full_name', [{ prefix: `org-${Math.floor(random() * 1e4)}/` }]],
    () => ['repository.full_name', [{ prefix: somewhere().slice(0, 14) }]],
    () => ['repository.full_name', [{ suffix: `/repo-${Math.floor(random() * 1e6)}` }]],
    () => ['repository.full_name', [{ wildcard: `org-${Math.floor(random() * 1e4)}/*-${Math.floor(random() * 100)}` }]],
    () => ['sender.login', [{ 'equals-ignore-case': someone().toUpperCase() }]],
    () => {
      const from = Math.floor(random() * 1e6)
      return ['repository.size', [{ numeric: ['>', from, '<=', from + 1 + Math.floor(random() * 100)] }]]
    },
    () => ['sender.login', [{ prefix: `user-${Math.floor(random() * 1e5)}` }]],
  ]
  const beside: readonly (() => [string, Leaf])[] = [
    () => ['kind', [pick(random, kinds)]],
    () => ['kind', [pick(random, kinds), pick(random, kinds)]],
    () => ['action', [pick(random, actions)]],
    () => ['action', [{ 'anything-but': [pick(random, actions), pick(random, actions)] }]],
    () => ['action', [{ prefix: start(pick(random, actions)) }]],
    () => ['sender.login', [{ 'anything-but': { prefix: start(pick(random, logins)) } }]],
    () => ['repository.owner.login', [{ 'anything-but': pick(random, owners) }]],
    () => ['repository.size', [{ numeric: ['>=', Math.floor(random() * 1000)] }]],
    () => ['repository.private', [random() < 0.5]],
    () => ['organization.login', [{ exists: random() < 0.5 }]],
  ]
  return Array.from({ length: count }, () => {
    const first = random() < 2 / 3 ? selective() : pick(random, broad)()
    const more = Array.from({ length: Math.floor(random() * 3) }, () => pick(random, beside)())
    return nested([...more, first])
  })
}

/** Dotted names as nested objects; of two leaves for one name the later one stays. */
function nested(leaves: readonly (readonly [string, Leaf])[]): Pattern {
  const pattern: Record<string, unknown> = {}
  for (const [path, leaf] of leaves) {
    const names = path.split('.')
    const last = names.pop()!
    let at = pattern
    for (const name of names) {
      at[name] ??= {}
      at = at[name] as Record<string, unknown>
    }
    at[last] = leaf
  }
  return pattern
}
