import type { Account } from './company/company.js'
import type { Page } from './ledger.js'
import type { SourceStats } from './sdk.js'

/** What was counted of one listener, by the source, by the SDK and by its handlers. */
export interface Figures {
  readonly service: string
  /** By the source: events of its types since it subscribed, those put into its queue, those held back. */
  readonly seen: number
  readonly delivered: number
  readonly heldBack: number
  /** By the source: linked records that it would have had to look up for the events delivered to it. */
  readonly linked: number
  /** By the SDK. */
  readonly handled: number
  readonly bytes: number
  /** By its handlers: calls, and bytes of the webhooks behind the events. */
  readonly calls: number
  readonly fullBytes: number
  /** Distinct attribute expressions that it asks for. */
  readonly attributes: number
}

export function figuresOf(account: Account, { listeners }: SourceStats, { calls, fullBytes }: Page): Figures {
  const { service, attributes, handled, bytes } = account
  const rows = listeners.filter((row) => row.service === service)
  return {
    service,
    seen: sum(rows, ({ seen }) => seen),
    delivered: sum(rows, ({ delivered }) => delivered),
    heldBack: sum(rows, ({ suppressed: { filter, tenant, unchanged } }) => filter + tenant + unchanged),
    linked: sum(rows, ({ linked }) => linked),
    handled,
    bytes,
    calls,
    fullBytes,
    attributes,
  }
}

/** Sentences for what does not add up; none when every event that the source delivered was handled, once. */
export function disagreements(all: readonly Figures[]): readonly string[] {
  return all.flatMap(({ service, seen, delivered, heldBack, handled, calls }) => [
    ...(calls === delivered && handled === delivered
      ? []
      : [`${service}: the source delivered ${delivered} events, the handlers saw ${calls} and finished ${handled}`]),
    ...(seen === delivered + heldBack
      ? []
      : [`${service}: of ${seen} events ${delivered} were delivered and ${heldBack} held back`]),
  ])
}

export function sum<T>(all: readonly T[], figure: (one: T) => number): number {
  return all.reduce((total, one) => total + figure(one), 0)
}
