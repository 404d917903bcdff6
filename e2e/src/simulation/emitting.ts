import { changedNames, type Emit, eventType, slotOf } from './model.js'
import type { SourceProcess } from './parties.js'
import { type Image, ids, type Kind, owner, type RecordName, records, tenants } from './records.js'
import { changedImage, newImage } from './store.js'
import type { Fact } from './wishes.js'
import type { World } from './world.js'

const names = Object.keys(records) as RecordName[]

/** Changes a record in the store and emits its event, or emits an earlier event once more under its id. */
export function emitSomething(world: World, party: SourceProcess, type?: RecordName): Promise<void> {
  const { dice } = world
  const earlier = world.emits.filter(({ service, id }) => service === party.service && id.startsWith('own-'))
  if (type === undefined && earlier.length > 0 && dice.chance(0.15)) return emit(world, party, dice.pick(earlier))
  const about =
    type ?? dice.pick(names.filter((name) => owner[name] === party.service && (name === 'issue' || dice.chance(0.6))))
  return about === undefined ? Promise.resolve() : emit(world, party, newEvent(world, party, about))
}

type Event = Pick<Emit, 'id' | 'tenant' | 'subject' | 'fact'>

function newEvent(world: World, party: SourceProcess, type: RecordName): Event {
  const { dice, store } = world
  const tenant = dice.pick(tenants)
  const subject = dice.pick(ids[type])
  const stood = store.now(type, tenant, subject)
  const kind = stood === null ? 'created' : dice.pick(kinds)
  const image = stood ?? newImage(type, tenant, dice)
  let root: Image = image
  let before: Image | undefined
  if (kind === 'changed') {
    root = changedImage(type, tenant, image, dice)
    before = dice.chance(0.85) ? image : undefined
  } else if (kind === 'deleted') {
    before = image
  }
  if (kind !== 'labelled') store.set(type, tenant, subject, kind === 'deleted' ? null : root)
  // A part of a linked record that the emitter happens to know: it wins over what is loaded.
  if (type === 'issue' && kind !== 'deleted' && dice.chance(0.2))
    root = { ...root, repository: { name: `${tenant ?? 'all'}-given` } }
  const changed = kind === 'changed' ? changedNames(before, root) : []
  const fact: Fact = { type, kind, root, before, changed }
  const id = dice.chance(0.4) ? `own-${party.service}-${world.emits.length}` : ''
  return { id, tenant, subject, fact }
}

const kinds: readonly Kind[] = ['changed', 'changed', 'changed', 'changed', 'labelled', 'deleted']

async function emit(world: World, party: SourceProcess, event: Event): Promise<void> {
  const { process, source, service } = party
  const { fact, tenant, subject } = event
  const call: Emit = {
    number: world.emits.length,
    process: process.id,
    service,
    id: event.id === '' ? `sim-${service}-${world.emits.length}` : event.id,
    tenant,
    subject,
    fact,
    calledAt: world.clock.now(),
    settledAt: undefined,
    outcome: 'pending',
    delivered: [],
    gone: [],
    fresh: new Map(party.fresh),
  }
  world.emits.push(call)
  party.pending.add(call)
  world.count('emit')
  world.note(`${process.id} emits ${fact.type}.${fact.kind} ${call.id} of ${tenant ?? 'all'} ${subject}`)
  const options = { id: call.id, ...(tenant !== undefined && { tenant }) }
  try {
    const { delivered, gone } = await source.emit(eventType(fact), factsOf(fact, subject), options)
    Object.assign(call, { outcome: 'resolved', delivered, gone })
    party.fresh.set(slotOf(fact.type, tenant, subject), call.calledAt)
    world.count('emit resolved')
    world.note(
      `${process.id} emitted ${call.id} to ${delivered.join(' ') || 'nobody'}${gone.length > 0 ? ` gone ${gone}` : ''}`,
    )
  } catch (error) {
    call.outcome = 'rejected'
    world.count('emit rejected')
    world.note(`${process.id} could not emit ${call.id}: ${error}`)
    expected(world, error)
  } finally {
    call.settledAt = world.clock.now()
    party.pending.delete(call)
  }
}

function factsOf({ kind, root, before }: Fact, id: string) {
  if (kind === 'labelled') return { ...root, id }
  if (kind === 'deleted') return { id, before: before as Image }
  return { id, after: root, ...(before !== undefined && { before }) }
}

const codes = [
  'publish-failed',
  'not-started',
  'stopped',
  'registry-suspect-empty',
  'connection-lost',
  'transport-closed',
]

function expected(world: World, error: unknown): void {
  const { code } = error as { readonly code?: string }
  if (!codes.includes(code ?? '')) world.violate(`emit rejected with ${code}: ${error}`)
}
