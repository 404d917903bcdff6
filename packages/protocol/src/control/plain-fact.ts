import { isJsonObject, type JsonObject } from '../names/json.js'
import type { ListenerFact, Subscription } from './facts.js'
import { isQueueName, isSetName } from './parts.js'
import { sharedEventType, sharedTexts } from './shared-texts.js'

/*
The check of a listener's fact written out by hand, for a source reads one for each of its listeners when it starts. It takes what the schema
takes and gives the same fact; what it does not take is the schema's to judge, which says what is wrong. So it may refuse more than the schema does, and never less.
*/

/** The fact in a document of a protocol version that is understood; undefined: ask the schema. */
export function plainListenerFact(document: JsonObject): ListenerFact | undefined {
  const { v, kind, service, listener, queue, delivery, set, generation, address, since, subscriptions } = document
  if (v !== 1 || kind !== 'listener') return undefined
  if (!isText(service, 256) || !isText(listener, 512) || !isText(address, 1024) || !isText(since, 40)) return undefined
  if (!isText(queue, 512) || !isQueueName(queue) || !isText(set, 64) || !isSetName(set)) return undefined
  if (delivery !== 'shared' && delivery !== 'each') return undefined
  if (!Number.isSafeInteger(generation) || (generation as number) < 1) return undefined
  const read = plainSubscriptions(subscriptions)
  if (read === undefined) return undefined
  return {
    v,
    kind,
    service,
    // Texts that are the same are kept once.
    listener: listener === service ? service : listener,
    queue: queue === service ? service : queue,
    delivery,
    set,
    generation: generation as number,
    address,
    since,
    subscriptions: read,
  }
}

function plainSubscriptions(list: unknown): Subscription[] | undefined {
  if (!Array.isArray(list) || list.length < 1 || list.length > 256) return undefined
  const read: Subscription[] = []
  const events = list.length > 1 ? new Set<string>() : undefined
  for (const each of list) {
    const subscription = plainSubscription(each)
    if (subscription === undefined || events?.has(subscription.event)) return undefined
    events?.add(subscription.event)
    read.push(subscription)
  }
  return read.length === 1 ? [read[0] as Subscription] : read
}

function plainSubscription(value: unknown): Subscription | undefined {
  if (!isJsonObject(value)) return undefined
  const { event, attributes, filter, when, selected, tenants = 'all' } = value
  const type = isText(event, 129) ? sharedEventType(event) : undefined
  if (type === undefined || !isTexts(attributes, 1024, 4096)) return undefined
  if (filter !== undefined && !isJsonObject(filter)) return undefined
  if (when !== undefined && when !== 'selected-changed') return undefined
  if (selected !== undefined && !isTexts(selected, 256, 4096)) return undefined
  if (tenants !== 'all' && !isTexts(tenants, 10_000, 256)) return undefined
  const known = sharedTexts(attributes) as string[]
  // Written out, for an object that is spread together takes twice the room.
  if (when === undefined && selected === undefined) {
    if (filter === undefined) return { event: type, attributes: known, tenants }
    return { event: type, attributes: known, filter, tenants }
  }
  return {
    event: type,
    attributes: known,
    ...(filter && { filter }),
    ...(when && { when }),
    ...(selected && { selected }),
    tenants,
  }
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longest
}

function isTexts(value: unknown, most: number, longest: number): value is string[] {
  if (!Array.isArray(value) || value.length > most) return false
  for (const each of value) if (!isText(each, longest)) return false
  return true
}
