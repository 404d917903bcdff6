import { pick, seeded } from '../random.js'
import { type Event, realEvents } from './events.js'
import type { Pattern } from './patterns.js'

/** Operators that no exact value stands beside. */
export const kinds = ['prefix', 'suffix', 'wildcard', 'numeric', 'anything-but', 'exists', 'cidr'] as const
export type Kind = (typeof kinds)[number]

/** The event with an address, of which it has none of its own: the same for the same place in the list. */
export function withAddress(event: Event, index: number): Event {
  const random = seeded(index)
  return { ...event, address: `10.${byte(random)}.${byte(random)}.${byte(random)}` }
}

/** Distinct patterns of one kind alone; the same number gives the same ones. */
export function patternsOf(kind: Kind, count: number): readonly Pattern[] {
  const random = seeded(count)
  const make = makers[kind]()
  const patterns = new Map<string, Pattern>()
  while (patterns.size < count) {
    const pattern = make(random)
    patterns.set(JSON.stringify(pattern), pattern)
  }
  return [...patterns.values()]
}

const number = (random: () => number, below: number): number => Math.floor(random() * below)
const byte = (random: () => number): number => number(random, 256)
const named = (alternative: unknown): Pattern => ({ repository: { full_name: [alternative] } })

const makers: Readonly<Record<Kind, () => (random: () => number) => Pattern>> = {
  prefix: () => (random) => named({ prefix: `org-${number(random, 1e4)}/${'repo-'.slice(0, number(random, 6))}` }),
  suffix: () => (random) => named({ suffix: `-${number(random, 1e6)}` }),
  wildcard: () => (random) => named({ wildcard: `org-${number(random, 1e4)}/*-${number(random, 1e3)}*` }),
  numeric: () => (random) => {
    const from = number(random, 1e6)
    return { repository: { size: [{ numeric: ['>', from, '<=', from + 1 + number(random, 100)] }] } }
  },
  'anything-but': () => {
    const actions = [...new Set(realEvents().map(({ action }) => action))].filter((each) => typeof each === 'string')
    return (random) => ({
      action: [{ 'anything-but': [pick(random, actions), pick(random, actions)] }],
      sender: { login: [{ 'anything-but': { prefix: `user-${number(random, 1e5)}` } }] },
    })
  },
  exists: () => {
    // Whether an object exists is something else to each side.
    const events = realEvents()
    const isPlain = (name: string) => events.every((event) => typeof event[name] !== 'object' || event[name] === null)
    const names = [...new Set(events.flatMap((event) => Object.keys(event)))].filter(isPlain).sort()
    return (random) => Object.fromEntries([1, 2, 3].map(() => [pick(random, names), [{ exists: random() < 0.5 }]]))
  },
  cidr: () => (random) => ({ address: [{ cidr: `10.${byte(random)}.${byte(random)}.0/${20 + number(random, 5)}` }] }),
}
