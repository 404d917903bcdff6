import { temperOf } from './handling.js'
import { dedupTtlMs, retryDelaysMs } from './listening.js'
import { admits, type Emit, lookFor, typeName, wants } from './model.js'
import type { Handling } from './parties.js'
import type { Wish } from './wishes.js'
import type { World } from './world.js'

/** Nothing foreign, attributes complete and right, attempts within bounds, nothing handled twice. */
export function checkHandlings(world: World, events: ReadonlyMap<string, readonly Emit[]>): void {
  const successes = new Map<string, number>()
  for (const handling of world.handlings) {
    const emits = events.get(handling.event)
    const say = (what: string): void => {
      const { by, event, attempt } = handling
      world.violate(`${by.process.id} (${by.release.name}) handled ${event}, attempt ${attempt}: ${what}`)
    }
    if (emits === undefined) {
      say('nobody emitted it')
      continue
    }
    checkForeign(world, handling, emits, say)
    checkData(world, handling, emits, say)
    if (handling.attempt > retryDelaysMs.length + 1) say(`only ${retryDelaysMs.length + 1} attempts are allowed`)
    if (handling.outcome !== 'ok' || handling.endedAt === undefined) continue
    const key = `${handling.by.process.id}/${handling.event}`
    const before = successes.get(key)
    if (before !== undefined && handling.startedAt - before < dedupTtlMs) say('it had handled it before')
    successes.set(key, handling.endedAt)
  }
}

type Say = (what: string) => void

function checkForeign(world: World, handling: Handling, emits: readonly Emit[], say: Say): void {
  const [emit] = emits as [Emit]
  const { subscription, by } = handling
  if (handling.type !== typeName(emit.fact)) say(`it was emitted as ${typeName(emit.fact)}`)
  if (handling.record !== emit.subject) say(`it is of record ${emit.subject}, not ${handling.record}`)
  if (handling.tenant !== emit.tenant) say(`it is of tenant ${emit.tenant}, not ${handling.tenant}`)
  if (!admits(subscription, emit.tenant)) say(`tenant ${emit.tenant} is excluded`)
  if (subscription.wrong) return
  // What another release wanted may come to this one when that is gone; then only the filter is asked again, for `when` takes both images of the record.
  const shared = by.life.releases.size > 1
  const later = world.asked.has(`${by.process.id}/${emit.id}`)
  const look = lookFor(emits, world.store, handling.startedAt, later)
  if (wants(by.release, emit, look, shared) === 'no') say('its filter excludes it')
}

function checkData(world: World, handling: Handling, emits: readonly Emit[], say: Say): void {
  const [emit] = emits as [Emit]
  const { subscription, by, data, missing } = handling
  const asked = world.asked.get(`${by.process.id}/${emit.id}`)
  if (missing.length > 0 && by.spec.missing !== 'allow') say(`it lacks ${missing.join(', ')}`)
  for (const wish of subscription.wishes) {
    const { expression } = wish
    if (!Object.hasOwn(data, expression)) {
      say(`${expression} is not there at all`)
      continue
    }
    const value = JSON.stringify(data[expression] ?? null)
    if (value === 'null' && missing.some((path) => expression.startsWith(path) || path.startsWith(expression))) continue
    const look = lookFor(emits, world.store, handling.startedAt, asked !== undefined)
    const right = wish.read(emit.fact, look).map((each) => JSON.stringify(each))
    if (right.includes(value)) continue
    if (asked !== undefined && reloaded(world, wish, emit, handling).includes(value)) continue
    say(`${expression} is ${value}; right were ${[...new Set(right)].join(' or ')}`)
  }
  if (Object.keys(data).length !== subscription.wishes.length + (subscription.wrong ? 1 : 0)) {
    say(`it holds more than was asked: ${Object.keys(data).join(', ')}`)
  }
}

/** What a source tells of an event that it no longer remembers: the record as it was at some moment since. */
function reloaded(world: World, wish: Wish, emit: Emit, { startedAt }: Handling): readonly string[] {
  const { fact, tenant, subject } = emit
  const states = world.store.between(fact.type, tenant, subject, emit.calledAt, startedAt)
  const look = lookFor([emit], world.store, startedAt, true)
  return states.flatMap((root) => {
    if (root === null) return []
    return wish.read({ ...fact, root, before: undefined, changed: [] }, look).map((each) => JSON.stringify(each))
  })
}

/** Whether an event may lie on a shelf: its handler never takes it, or it lacked attributes. */
export function mayBeParked(world: World, handling: Pick<Handling, 'by' | 'event'>): boolean {
  const [, id] = handling.event.split('/')
  return temperOf(handling) === 'always fails' || world.lacked.has(`${handling.by.spec.label}/${id}`)
}
