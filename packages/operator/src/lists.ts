import { splitEventType } from '@recordcast/protocol'
import type { ListenerFact, Subscription } from '@recordcast/protocol/control'
import type { z } from 'zod'
import { byQueue } from './board/by-queue.js'
import { readsOf } from './board/reads.js'
import { depthOf } from './depth.js'
import type { Context } from './parts/context.js'
import { inSlices } from './parts/in-slices.js'
import { readInput } from './parts/input.js'
import { collectPage } from './parts/paging.js'
import type { Input, Shape } from './shapes/index.js'
import { shapes } from './shapes/index.js'

type SubscriptionRow = Shape<'subscriptions'>['items'][number]

/** Every subscription on the board, by queue, set and event type. */
export async function listSubscriptions(
  { registry, broker: { clock } }: Context,
  input: Input<'subscriptionsInput'> = {},
): Promise<Shape<'subscriptions'>> {
  const wanted = readInput(shapes.subscriptionsInput, input)
  const { take, page } = collectPage<SubscriptionRow>(wanted)
  await inSlices(clock, byQueue(registry.snapshot()).values(), (sets) => {
    for (const fact of sets) {
      if (wanted.service !== undefined && fact.service !== wanted.service) continue
      for (const subscription of inOrder(fact.subscriptions)) {
        if (!fits(subscription, wanted)) continue
        take(`${fact.queue}\n${String(fact.generation).padStart(16, '0')}\n${fact.set}\n${subscription.event}`, () =>
          rowOf(fact, subscription),
        )
      }
    }
  })
  return page()
}

/** SDKs announce them in order; others may not. */
function inOrder(subscriptions: readonly Subscription[]): readonly Subscription[] {
  return subscriptions.toSorted((a, b) => (a.event < b.event ? -1 : 1))
}

function fits(subscription: Subscription, wanted: z.infer<typeof shapes.subscriptionsInput>): boolean {
  const { event, attribute, tenant } = wanted
  if (event !== undefined && subscription.event !== event && splitEventType(subscription.event)?.record !== event)
    return false
  if (tenant !== undefined && subscription.tenants !== 'all' && !subscription.tenants.includes(tenant)) return false
  if (attribute === undefined) return true
  return readsOf(subscription).some(({ path }) => `${path.join('.')}.`.startsWith(`${attribute}.`))
}

function rowOf(fact: ListenerFact, subscription: Subscription): SubscriptionRow {
  const { queue, listener, service, delivery, set, generation, since } = fact
  return { queue, listener, service, delivery, set, generation, since, ...subscription }
}

/** Every listener, by queue. */
export async function listListeners(
  context: Context,
  input: Input<'listenersInput'> = {},
): Promise<Shape<'listeners'>> {
  const { registry, broker } = context
  const wanted = readInput(shapes.listenersInput, input)
  const search = wanted.search?.toLowerCase()
  const { take, page } = collectPage<readonly ListenerFact[]>(wanted)
  await inSlices(broker.clock, byQueue(registry.snapshot()), ([queue, sets]) => {
    const [first] = sets
    if (first === undefined || (wanted.service !== undefined && first.service !== wanted.service)) return
    const names = `${queue}\n${first.listener}\n${first.service}`
    if (search !== undefined && !names.toLowerCase().includes(search)) return
    take(queue, () => sets)
  })
  const { items, ...rest } = page()
  return { ...rest, items: await Promise.all(items.map((sets) => listenerRow(context, sets))) }
}

/** One listener as a row, with the state of its queue. `sets` are its facts, at least one. */
export async function listenerRow(context: Context, sets: readonly ListenerFact[]): Promise<Shape<'listenerRow'>> {
  const { queue, listener, service, delivery, since } = sets[0] as ListenerFact
  const pause = context.pauseOf(queue)
  const subscriptions = sets.flatMap((fact) => fact.subscriptions)
  return {
    ...{ queue, listener, service, delivery, since, sets: sets.length },
    events: [...new Set(subscriptions.map(({ event }) => event))].sort(),
    attributes: new Set(subscriptions.flatMap(({ attributes }) => attributes)).size,
    ...(pause && { paused: { since: pause.since, ...(pause.by !== undefined && { by: pause.by }) } }),
    ...(await depthOf(context, queue)),
  }
}
