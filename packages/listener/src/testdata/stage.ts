import { defineRecord } from '@recordcast/protocol'
import { boards, type ListenerFact, type SourceFact } from '@recordcast/protocol/control'
import { sourceAddress } from '@recordcast/protocol/names'
import type { ControlAnswer, ControlRequest } from '@recordcast/protocol/requests'
import { encodeEvent, type WireEvent } from '@recordcast/protocol/wire'
import {
  announceListener,
  announceSource,
  answerAt,
  type Broker,
  openRegistry,
  silentLogger,
  withdrawListener,
} from '@recordcast/registry'
import { announcePause, withdrawPause } from '@recordcast/registry/operator'
import type { Message, ParkedMessage, Transport } from '@recordcast/transport'
import { createMemoryBus, createMemoryTransport } from '@recordcast/transport-memory'
import { z } from 'zod'
import { createListener } from '../index.js'
import type { ListenerOptions } from '../options.js'
import { createManualClock } from './clock.js'

export const issue = defineRecord(
  'issue',
  z.object({ title: z.string(), state: z.string(), author: z.object({ login: z.string() }) }),
)

type Request<K extends ControlRequest['kind']> = Extract<ControlRequest, { kind: K }>
type Answer<K extends ControlAnswer['kind']> = Omit<Extract<ControlAnswer, { kind: K }>, 'v' | 'kind'>

/** What a source made by hand says. */
export interface SourceScript {
  readonly service?: string
  readonly instance?: string
  readonly verdict?: (request: Request<'verdict'>) => Answer<'verdict'> | Promise<Answer<'verdict'>>
  readonly complete?: (request: Request<'complete'>) => Answer<'complete'> | Promise<Answer<'complete'>>
}

/** A bus with a clock turned by hand, and everything that listeners meet on it. */
export function createStage() {
  const clock = createManualClock()
  const bus = createMemoryBus({ clock })
  const transport = createMemoryTransport({ bus })
  const logged: { level: string; details: object; message: string }[] = []
  const log = (level: string) => (details: object, message: string) => void logged.push({ level, details, message })
  let dice = 0
  const random = (): number => {
    dice = (dice * 16_807 + 12_345) % 2_147_483_647
    return dice / 2_147_483_647
  }
  const brokerOn = (on: Transport): Broker => ({
    transport: on,
    namespace: '',
    logger: { ...silentLogger, info: log('info'), warn: log('warn'), error: log('error') },
    clock,
    random,
    close: () => on.close(),
  })

  return {
    clock,
    bus,
    transport,
    logged,
    brokerOn,
    /** A listener in a process of its own. */
    listener(options: Partial<ListenerOptions> = {}) {
      const on = options.broker?.transport ?? createMemoryTransport({ bus })
      const made = createListener({ service: 'notifier', broker: brokerOn(on), ...options })
      return Object.assign(made, { transport: on, kill: () => bus.kill(on) })
    },
    async source(script: SourceScript = {}) {
      const { service = 'forge', instance = 'one' } = script
      const asked: ControlRequest[] = []
      const address = sourceAddress(service, instance)
      const on = createMemoryTransport({ bus })
      await answerAt(on, address, async (request) => {
        asked.push(request)
        if (request.kind === 'verdict') {
          const verdicts = await script.verdict?.(request)
          return { v: 1, kind: 'verdict', ...(verdicts ?? { verdicts: [] }) }
        }
        if (request.kind === 'complete' && script.complete) {
          return { v: 1, kind: 'complete', ...(await script.complete(request)) }
        }
        throw new Error(`nothing to say to ${request.kind}`)
      })
      const fact: SourceFact = { v: 1, kind: 'source', service, instance, address, since: '2026', records: [] }
      await announceSource(on, fact)
      const announceAnew = () => announceSource(on, { ...fact, since: '2027' })
      return { asked, announceAnew, kill: () => bus.kill(on) }
    },
    /** Puts an event into a queue, as a source would. */
    async publish(event: Partial<WireEvent>, headers: Message['headers'] = {}, queue = 'notifier') {
      const full = wireEvent({ time: new Date(clock.now()).toISOString(), ...event })
      const report = await transport.publish([queue], { id: full.id, body: encodeEvent(full), headers })
      if (report.gone.length + report.failed.length > 0) throw new Error(`not published: ${JSON.stringify(report)}`)
    },
    async facts(): Promise<ListenerFact[]> {
      const found: ListenerFact[] = []
      const decoder = new TextDecoder()
      let synced = false
      const running = await transport.watch(boards.listeners, (change) => {
        if (change.type === 'synced') synced = true
        if (change.type === 'fact') found.push(JSON.parse(decoder.decode(change.fact.body)))
      })
      await clock.until(() => synced)
      await running.stop()
      return found
    },
    announce: (fact: ListenerFact) => announceListener(transport, fact),
    pause: (queue = 'notifier') =>
      announcePause(transport, { v: 1, kind: 'pause', queue, since: new Date(clock.now()).toISOString() }),
    resume: (queue = 'notifier') => withdrawPause(transport, queue),
    async pauses(): Promise<string[]> {
      const registry = await openRegistry({ transport, clock, keepPause: () => true })
      await registry.stop()
      return [...registry.snapshot().pauses.keys()]
    },
    withdraw: (fact: ListenerFact) => withdrawListener(transport, fact),
    announceRaw: (key: string, text: string) =>
      transport.announce(boards.listeners, key, { id: 'raw', body: new TextEncoder().encode(text), headers: {} }),
    async parked(queue = 'notifier'): Promise<readonly ParkedMessage[]> {
      return (await transport.inspect(queue, { peekParked: 100 }))?.peeked ?? []
    },
  }
}

let events = 0

/** An event with everything that it must have. */
export function wireEvent(event: Partial<WireEvent> = {}): WireEvent {
  events++
  return {
    id: `e${events}`,
    source: 'forge',
    type: 'issue.changed',
    subject: '7',
    time: '2026-01-01T00:00:00Z',
    projection: '',
    data: { title: 'T' },
    ...event,
  }
}

/** The fact of another release on a queue. */
export function otherFact(fact: Partial<ListenerFact> = {}): ListenerFact {
  const queue = fact.queue ?? 'notifier'
  const set = fact.set ?? 'other'
  return {
    v: 1,
    kind: 'listener',
    service: 'notifier',
    listener: 'notifier',
    queue,
    delivery: 'shared',
    set,
    generation: 1,
    address: `listener/${queue}/${set}`,
    since: '2026',
    subscriptions: [{ event: 'issue.changed', attributes: ['state'], tenants: 'all' }],
    ...fact,
  }
}

