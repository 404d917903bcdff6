import { protocolVersion } from '@recordcast/protocol/control'
import type { ControlAnswer, ControlRequest } from '@recordcast/protocol/requests'
import type { Knowledge } from './answer.js'
import type { ListenerStats } from './options.js'

type Request = Extract<ControlRequest, { kind: 'stats' }>
type Answer = Extract<ControlAnswer, { kind: 'stats' }>

const mostSubscriptions = 256
const mostLoaders = 1024

/** What was counted, with one page of the subscriptions. */
export function tellStats({ queues, offset }: Request, { instance, clock, began, stats }: Knowledge): Answer {
  const { listeners, loaders, ...counts } = stats()
  const asked = queues && new Set(queues)
  const all = listeners.filter(({ queue }) => asked === undefined || asked.has(queue)).sort(byQueue)
  return {
    v: protocolVersion,
    kind: 'stats',
    instance,
    upMs: Math.max(0, Math.round(clock.now() - began)),
    source: {
      ...counts,
      subscriptions: all.slice(offset, offset + mostSubscriptions).map(plainListener),
      total: all.length,
      loaders: loaders
        .slice(0, mostLoaders)
        .map(({ name, busyMs, ...rest }) => ({ ...rest, name: name.slice(0, 4096), busyMs: Math.round(busyMs) })),
    },
  }
}

const keyOf = ({ queue, event }: ListenerStats): string => `${queue} ${event}`

function byQueue(a: ListenerStats, b: ListenerStats): number {
  const [one, other] = [keyOf(a), keyOf(b)]
  return one < other ? -1 : one > other ? 1 : 0
}

function plainListener({ queue, event, seen, delivered, suppressed }: ListenerStats) {
  // A fact that is taken in anew while an event is on its way may count it twice: never less than none.
  const { filter, tenant, unchanged } = suppressed
  return { queue, event, seen, delivered, suppressed: { filter: Math.max(0, filter), tenant, unchanged } }
}
