import { compilePattern } from '@recordcast/matcher'
import { type EventType, RecordcastError, splitEventType } from '@recordcast/protocol'
import type { Subscription } from '@recordcast/protocol/control'
import { compileAttribute, compileSelection, digestOf, type Selection } from '@recordcast/protocol/language'
import { checkName } from '@recordcast/protocol/names'
import type { Handler, SubscribeOptions } from './handler.js'

/** One event type of this listener, compiled. */
export interface Subscribed {
  /** As it is announced. */
  readonly subscription: Subscription
  readonly record: string
  readonly selection: Selection
  /** Whether an attribute may read `$event`. */
  readonly readsEvent: boolean
  readonly filter: ReturnType<typeof compilePattern> | undefined
  readonly handler: Handler<Record<string, unknown>>
}

/** Checks and compiles what `on` was given. Throws invalid-options, expression-* and invalid-pattern, at the line that wrote it. */
export function subscribe(type: EventType, options: SubscribeOptions, handler: unknown): Subscribed {
  const event: unknown = type?.name
  const split = typeof event === 'string' ? splitEventType(event) : undefined
  if (typeof event !== 'string' || split === undefined) {
    throw invalid(
      'event type',
      'eventType',
      event,
      'an event type such as issue.changed, of a record made by defineRecord',
    )
  }
  if (typeof options !== 'object' || options === null)
    throw invalid(event, 'options', options, 'an object with attributes')
  if (typeof handler !== 'function') throw invalid(event, 'handler', handler, 'a function that takes the event')
  const { attributes, where, when, tenants = 'all' } = options
  if (when !== undefined && when !== 'selected-changed')
    throw invalid(event, 'when', when, "'selected-changed' or absent")
  const selection = compileSelection(attributes)
  const filter = where === undefined ? undefined : compilePattern(where)
  const subscription: Subscription = {
    event,
    attributes: [...selection.atoms],
    ...(where !== undefined && { filter: sortKeys(where) as NonNullable<Subscription['filter']> }),
    ...(when !== undefined && { when, selected: canonicalExpressions(Object.values(attributes)) }),
    tenants: checkTenants(event, tenants),
  }
  const readsEvent = Object.values(attributes).some((text) => text.includes('$event'))
  return {
    subscription,
    record: split.record,
    selection,
    readsEvent,
    filter,
    handler: handler as Subscribed['handler'],
  }
}

/** A short text that is the same for the same subscriptions, in whatever order and under whatever names they were written. */
export function setOf(subscriptions: readonly Subscription[]): string {
  return digestOf(subscriptions.map((subscription) => JSON.stringify(sortKeys(subscription))))
}

/** Whether two filters are the same as written, key order aside. */
export function sameFilter(one: Subscription, other: Subscription): boolean {
  return JSON.stringify(sortKeys(one.filter)) === JSON.stringify(sortKeys(other.filter))
}

function canonicalExpressions(texts: readonly string[]): string[] {
  return [...new Set(texts.map((text) => compileAttribute(text).canonical))].sort()
}

function checkTenants(event: string, tenants: unknown): Subscription['tenants'] {
  if (tenants === 'all') return tenants
  if (!Array.isArray(tenants)) throw invalid(event, 'tenants', tenants, "'all' or a list of tenants")
  return [...new Set(tenants.map((tenant, index) => checkName(`tenants/${index}`, tenant)))].sort()
}

/** A copy with every object's keys in order; lists stay as they are. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]))
}

function invalid(event: string, option: string, found: unknown, expected: string): RecordcastError {
  const sentence = `listener.on(${event}): ${option} must be ${expected}`
  return new RecordcastError('invalid-options', sentence, { path: `/${option}`, found, expected })
}
