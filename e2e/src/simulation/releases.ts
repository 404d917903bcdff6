import type { Release, Subscription } from './model.js'
import type { QueueSpec } from './parties.js'
import type { Dice } from './random.js'
import type { Kind, RecordName } from './records.js'
import { filters, wishes } from './wishes.js'
import type { World } from './world.js'

/** The listeners of the world, each with its first release. */
export function newQueues(dice: Dice): QueueSpec[] {
  const moulds = [
    { service: 'notifier', listener: undefined, delivery: 'shared' },
    { service: 'notifier', listener: 'audit', delivery: 'shared' },
    { service: 'search', listener: undefined, delivery: 'shared' },
    { service: 'billing', listener: undefined, delivery: 'shared' },
    { service: 'screen', listener: undefined, delivery: 'each' },
  ] as const
  return moulds.map(({ service, listener, delivery }) => {
    const label = listener === undefined ? service : `${service}.${listener}`
    const name = `${label}`
    const spec: QueueSpec = {
      name,
      label,
      service,
      listener,
      delivery,
      concurrency: dice.pick([1, 2, 8]),
      missing: dice.chance(0.25) ? 'allow' : 'retry',
      releases: [],
      life: undefined,
      busy: false,
    }
    spec.releases.push({ name: `${label}/1`, subscriptions: newSubscriptions(dice) })
    return spec
  })
}

const events: readonly (readonly [RecordName, Kind])[] = [
  ['issue', 'changed'],
  ['issue', 'changed'],
  ['issue', 'created'],
  ['issue', 'deleted'],
  ['issue', 'labelled'],
  ['repo', 'changed'],
  ['person', 'changed'],
  ['page', 'changed'],
]

function newSubscriptions(dice: Dice): Subscription[] {
  const chosen = new Map<string, Subscription>()
  for (let count = 1 + dice.upTo(3); count > 0; count--) {
    const [type, kind] = dice.pick(events)
    chosen.set(`${type}.${kind}`, newSubscription(type, kind, dice))
  }
  return [...chosen.values()]
}

function newSubscription(type: RecordName, kind: Kind, dice: Dice): Subscription {
  return {
    type,
    kind,
    wishes: dice.some(wishes[type], 1).slice(0, 5),
    filter: dice.chance(0.55) ? dice.pick(filters[type]) : undefined,
    when: kind === 'changed' && dice.chance(0.25),
    tenants: dice.chance(0.6) ? 'all' : dice.pick([['red'], ['blue'], ['red', 'blue']]),
    wrong: false,
  }
}

/** The next release of a listener: wider, or otherwise different, now and then wrong. */
export function nextRelease(spec: QueueSpec, dice: Dice): Release {
  const last = spec.releases.at(-1) as Release
  const name = `${spec.label}/${spec.releases.length + 1}`
  const subscriptions = last.subscriptions.map((subscription) => {
    const wider = dice.some(wishes[subscription.type], 1)
    const all = wishes[subscription.type].filter((wish) => subscription.wishes.includes(wish) || wider.includes(wish))
    if (dice.chance(0.6)) return { ...subscription, wrong: false, wishes: all }
    return dice.chance(0.5) ? { ...newSubscription(subscription.type, subscription.kind, dice) } : subscription
  })
  const more = dice.chance(0.3) ? newSubscriptions(dice) : []
  const merged = new Map([...more, ...subscriptions].map((each) => [`${each.type}.${each.kind}`, each]))
  return { name, subscriptions: [...merged.values()] }
}

/** The same release with an attribute that nobody has: every source that owns the type refuses it. */
export function wrongRelease(spec: QueueSpec, dice: Dice): Release {
  const last = spec.releases.at(-1) as Release
  const spoilt = dice.upTo(last.subscriptions.length)
  const subscriptions = last.subscriptions.map((each, index) => (index === spoilt ? { ...each, wrong: true } : each))
  return { name: `${last.name} with a mistake`, subscriptions }
}

export const latest = (spec: QueueSpec): Release => spec.releases.at(-1) as Release

/** Instances of a queue's listener that run or start. */
export const instancesOf = (world: World, spec: QueueSpec) => world.listeners.filter((each) => each.spec === spec)
