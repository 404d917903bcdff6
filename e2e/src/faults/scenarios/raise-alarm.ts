import { wait, waitUntil } from '../../brokers/wait-until.js'
import { burst } from '../burst.js'
import { createLedger } from '../ledger.js'
import { linkStates } from '../link-states.js'
import { changed, connectIn, emitMany, startListener, startSource, thing } from '../parties.js'
import type { Outcome, Room, Scenario } from '../scenario.js'
import { type Alarm, alarmsOf, storeBytes } from '../storage-alarms.js'

/**
 * The broker lives and takes no messages, for want of memory or of room on its disk. Listeners go on with what is there; emits wait,
 * as many as the window holds, until there is room, or until their time is up; RabbitMQ's clients show that they are blocked.
 */
export const raiseAlarm: Scenario = {
  number: '3d',
  fault: 'memory and disk alarm, storage full',
  run: raiseAlarms,
}

async function raiseAlarms(room: Room): Promise<Outcome> {
  const long = room.size === 'long'
  const rounds = long ? 5 : 1
  // Longer than a confirm may take.
  const holdMs = long ? 40_000 : 1500
  const window = long ? 1000 : 200
  const most = long ? 50_000 : 1000
  const bytes = long ? 10_000 : 1000
  const backlog = 50
  const broker = await (room.broker === 'amqp' ? room.sharedBroker() : room.startBroker({ storeBytes }))
  const alarms = await alarmsOf(room, broker)
  const states = linkStates()
  const short = { amqp: { confirmTimeoutMs: 1000 }, nats: { confirmTimeoutMs: 1000 } }
  const patience = long ? {} : short
  const ledger = createLedger()
  let gate = Promise.resolve()
  const listener = await startListener(room, broker.url, 'one', ledger, {}, () => gate)
  const source = await startSource(room, await connectIn(room, broker.url, { logger: states.logger, ...patience }), {
    timeoutMs: 300_000,
    maxInFlight: { events: window },
  })
  const impatient = await startSource(room, await connectIn(room, broker.url, short), { timeoutMs: 1000 })
  room.ends(async () => {
    for (const { end } of alarms) await end().catch(() => undefined)
  })

  // RabbitMQ still takes what a connection publishes first, and blocks it over that.
  const refuses = async (prefix: string): Promise<boolean> => {
    const id = `${prefix}${ledger.counts().emitted}`
    ledger.emit()
    try {
      const { delivered } = await impatient.emit(thing.changed, changed(id), { id })
      ledger.resolve(id, delivered)
      return false
    } catch (error) {
      const { code } = error as { code?: unknown }
      if (code !== 'publish-failed')
        throw new Error(`An emit with little time was refused as ${code}`, { cause: error })
      rejected++
      return true
    }
  }

  let rejected = 0
  let slowest = 0
  let full = 0
  let grown = 0
  let during = 0
  const endure = async (alarm: Alarm, prefix: string): Promise<void> => {
    let open = (): void => undefined
    gate = new Promise((resolve) => {
      open = resolve
    })
    await emitMany(source, ledger, backlog, { prefix: `${prefix}held-` })
    const { resolved, handled } = ledger.counts()
    const shown = states.count('blocked')
    const retries = source.stats().publishRetries
    await alarm.begin()
    const load = await burst(source, ledger, most, { prefix, bytes })
    if (load.mostWaiting > window)
      throw new Error(`${load.mostWaiting} emits waited, more than the window of ${window}`)
    if (load.bufferFull < most - window - (ledger.counts().resolved - resolved))
      throw new Error(`Only ${load.bufferFull} of ${most} emits were refused with buffer-full`)
    open()
    await waitUntil(() => ledger.counts().handled >= handled + backlog, { what: 'what was there to be handled' })
    during += backlog
    await waitUntil(() => refuses(`${prefix}little-`), { what: 'an emit with little time to be refused' })
    if (room.broker === 'amqp')
      await waitUntil(() => states.count('blocked') > shown, { what: 'the link to be shown as blocked' })
    if (room.broker === 'nats')
      await waitUntil(() => source.stats().publishRetries > retries, { what: 'a publish to be tried again' })
    const before = ledger.counts().resolved
    await wait(holdMs)
    const taken = ledger.counts().resolved - before
    if (taken > 0) throw new Error(`${taken} emits resolved during the ${alarm.what} alarm`)
    await alarm.end()
    const ended = Date.now()
    await ledger.reaches(before + 1, 60_000)
    slowest = Math.max(slowest, Date.now() - ended)
    await load.done
    await ledger.settled(60_000)
    full += load.bufferFull
    grown = Math.max(grown, load.grownMb)
    room.note(`${alarm.what} alarm: flowing again after ${Date.now() - ended} ms, grown ${load.grownMb} MB`)
  }
  for (let round = 0; round < rounds; round++) for (const alarm of alarms) await endure(alarm, `${alarm.what}${round}-`)
  const held = (window * bytes) / 1024 / 1024
  if (long && grown > 20 * held + 64) throw new Error(`Grew by ${grown} MB while ${held} MB may wait`)
  const { publishRetries } = source.stats()
  const also = {
    alarms: rounds * alarms.length,
    handledMeanwhile: during,
    rejected,
    publishRetries,
    suppressed: listener.stats().duplicates,
    blocked: states.count('blocked'),
    bufferFull: full,
    grownMb: grown,
  }
  return { ...ledger.counts(), recoveredAfterMs: slowest, also }
}
