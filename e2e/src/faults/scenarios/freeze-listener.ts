import type { Transport } from '@recordcast/transport'
import type { Broker } from 'recordcast'
import { startProxy } from '../../brokers/proxy.js'
import { endAtRest } from '../at-rest.js'
import { createLedger } from '../ledger.js'
import { changed, connectIn, emitMany, startListener, startSource, thing } from '../parties.js'
import { overlay } from '../programs/program.js'
import { onEffect, runProgram } from '../run-program.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

/** A listener's process stands still until others have its events, and then comes to again. */
export const freezeListener: Scenario = {
  number: '4b',
  fault: 'listener frozen past its deadline and revived',
  run: freeze,
}

/** Small enough that NATS takes a frozen consumer's messages back soon; RabbitMQ does after two heartbeats. */
const ackWaitMs = 1000
const heartbeat = 'heartbeat=1'

async function freeze(room: Room): Promise<Outcome> {
  const rounds = room.size === 'long' ? 10 : 1
  const { url } = await room.sharedBroker()
  const ledger = createLedger()
  const source = await startSource(room, url)
  // What a broker has sent stays readable behind it, also if the broker resets its own connection in hanging up.
  const proxy = await startProxy(url)
  room.ends(() => proxy.close())
  let slowest = 0
  let revived = 0
  let takenOver = 0
  for (let round = 0; round < rounds; round++) {
    const service = `frozen${round}`
    const victim = await runProgram(room, 'listener', {
      url: room.broker === 'amqp' ? `${proxy.url}?${heartbeat}` : proxy.url,
      service,
      ackWaitMs,
      concurrency: 2,
      handleMs: 10,
      fatal: 1,
      fate: 'hold',
    })
    const effects: string[] = []
    onEffect(victim, (effect) => {
      effects.push(effect)
      ledger.handle(service, effect)
    })
    // One in its handler and one of the same record that waits for it; more will lie unread in its socket, and it has a hand free.
    for (const id of [`held${round}`, `waits${round}`]) {
      ledger.emit()
      const { delivered } = await source.emit(thing.changed, changed(`record${round}`), { id })
      ledger.resolve(id, delivered)
    }
    const { began } = await victim.next((report) => 'began' in report)
    const { delivered: waits } = await victim.next(
      ({ delivered }) => typeof delivered === 'string' && delivered !== began,
    )
    const broker = await connectIn(room, url)
    const again = new Set<string>()
    const sibling = await startListener(room, noting(broker, again), service, ledger, { concurrency: 2 })
    victim.pause()
    await emitMany(source, ledger, 20, { prefix: `frozen${round}-` })
    await ledger.settled(60_000)
    if (![began, waits].every((id) => again.has(String(id))) || again.size < 3)
      throw new Error(`${service} froze with too little in its hands to do harm: ${[...again].join(', ')}`)
    takenOver += again.size
    const since = Date.now()
    victim.resume()
    victim.tell({ goOn: true })
    await victim.next(({ aborted }) => aborted === began)
    const before = effects.length
    for (let batch = 0; effects.length === before && batch < 50; batch++) {
      await emitMany(source, ledger, 20, { prefix: `revived${round}-${batch}-` })
      await ledger.settled(60_000)
    }
    if (effects.length === before)
      throw new Error(`${service} was revived and handled nothing more: ${victim.complaints}`)
    slowest = Math.max(slowest, Date.now() - since)
    const late = effects.filter((id) => again.has(id))
    if (late.length > 0) throw new Error(`${service} handled ${late.join(', ')}, which its sibling had taken over`)
    if (!victim.isRunning()) throw new Error(`${service} did not survive: ${victim.complaints}`)
    revived++
    await victim.kill('SIGTERM')
    await endAtRest(sibling, broker, service)
  }
  const counts = ledger.counts()
  if (counts.duplicated > 0) throw new Error(`${counts.duplicated} events were handled twice after a revival`)
  if (counts.handled !== counts.emitted) throw new Error(`${counts.handled} of ${counts.emitted} events were handled`)
  return { ...counts, recoveredAfterMs: slowest, also: { revived, takenOver } }
}

/** The broker, noting the messages that somebody else has had before. */
function noting(broker: Broker, again: Set<string>): Broker {
  const consume: Transport['consume'] = (queue, options, handle) =>
    broker.transport.consume(queue, options, (delivery) => {
      if (delivery.redelivered) again.add(delivery.message.id)
      return handle(delivery)
    })
  return overlay(broker, { consume })
}
