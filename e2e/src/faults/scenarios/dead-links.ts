import { startProxy, type TcpProxy } from '../../brokers/proxy.js'
import { waitUntil } from '../../brokers/wait-until.js'
import { burst } from '../burst.js'
import { createLedger } from '../ledger.js'
import { linkStates } from '../link-states.js'
import { connectIn, emitMany, startListener, startSource } from '../parties.js'
import type { Outcome, PrivateBroker, Room, Scenario } from '../scenario.js'

/** What makes a link mute, and what ends that. */
interface Fault {
  begin(broker: PrivateBroker, proxy: TcpProxy): void
  end(broker: PrivateBroker, proxy: TcpProxy): void
}

const frozen: Fault = {
  begin: ({ nodes }) => nodes[0]?.pause(),
  end: ({ nodes }) => nodes[0]?.resume(),
}
const halfOpen: Fault = {
  begin: (_, proxy) => proxy.set('drop'),
  end: (_, proxy) => proxy.set('pass'),
}
const unconfirmed: Fault = {
  begin: (_, proxy) => proxy.set('lose-confirms'),
  end: (_, proxy) => proxy.set('pass'),
}

/** The broker is frozen until all have noticed by themselves. */
export const pauseBroker: Scenario = {
  number: '3',
  fault: 'broker paused past the heartbeat',
  run: (room) => goMute(room, frozen),
}

/** The network swallows everything, both ways, and closes nothing. */
export const openHalf: Scenario = {
  number: '3b',
  fault: 'half-open link',
  run: (room) => goMute(room, halfOpen),
}

/** The broker hears everything and stores it; what it says gets lost. */
export const loseConfirms: Scenario = {
  number: '3c',
  fault: 'lost confirms',
  run: (room) => goMute(room, unconfirmed),
}

async function goMute(room: Room, fault: Fault): Promise<Outcome> {
  const long = room.size === 'long'
  const rounds = long ? 5 : 1
  const window = long ? 1000 : 200
  const most = long ? 50_000 : 1000
  const bytes = long ? 10_000 : 1000
  const broker = await room.sharedBroker()
  const proxy = await startProxy(broker.url)
  room.ends(() => proxy.close())
  const states = [linkStates(), linkStates()] as const
  // The long form leaves the heartbeat and the ping at their defaults.
  const url = room.broker === 'amqp' && !long ? `${proxy.url}?heartbeat=1` : proxy.url
  const quick = long ? {} : { pingIntervalMs: 500, confirmTimeoutMs: 1000, ackWaitMs: 3000 }
  const connected = ({ logger }: ReturnType<typeof linkStates>) =>
    connectIn(room, url, { logger, amqp: { connectTimeoutMs: 2000 }, nats: quick })
  const ledger = createLedger()
  const listener = await startListener(room, await connected(states[0]), 'one', ledger)
  const source = await startSource(room, await connected(states[1]), {
    timeoutMs: long ? 120_000 : 60_000,
    maxInFlight: { events: window },
  })
  room.ends(async () => fault.end(broker, proxy))

  const losses = (): number[] => states.map(({ count }) => count('reconnecting', 'disconnected'))
  let noticed = 0
  let slowest = 0
  let full = 0
  let grown = 0
  for (let round = 0; round < rounds; round++) {
    await emitMany(source, ledger, window, { prefix: `w${round}-` })
    await ledger.settled(60_000)
    const lostBefore = losses()
    const retriesBefore = source.stats().publishRetries
    const resolvedBefore = ledger.counts().resolved
    fault.begin(broker, proxy)
    const began = Date.now()
    const { bufferFull, mostWaiting, grownMb, done } = await burst(source, ledger, most, {
      prefix: `b${round}-`,
      bytes,
    })
    if (mostWaiting > window) throw new Error(`${mostWaiting} emits waited, more than the window of ${window}`)
    if (bufferFull < most - window - (ledger.counts().resolved - resolvedBefore))
      throw new Error(`Only ${bufferFull} of ${most} emits were refused with buffer-full`)
    await waitUntil(() => losses().every((count, party) => count > (lostBefore[party] ?? 0)), {
      what: 'both to notice that the link is dead',
      timeoutMs: 90_000,
    })
    noticed = Math.max(noticed, Date.now() - began)
    await waitUntil(() => source.stats().publishRetries > retriesBefore, { what: 'a publish to be tried again' })
    fault.end(broker, proxy)
    const ended = Date.now()
    await ledger.reaches(resolvedBefore + 1, 60_000)
    slowest = Math.max(slowest, Date.now() - ended)
    await done
    await ledger.settled(60_000)
    full += bufferFull
    grown = Math.max(grown, grownMb)
    room.note(`round ${round + 1}: noticed after ${noticed} ms, flowing again after ${slowest} ms, grown ${grownMb} MB`)
  }
  const held = (window * bytes) / 1024 / 1024
  if (long && grown > 20 * held + 64) throw new Error(`Grew by ${grown} MB while ${held} MB may wait`)
  const { publishRetries } = source.stats()
  const also = {
    noticedAfterMs: noticed,
    publishRetries,
    suppressed: listener.stats().duplicates,
    bufferFull: full,
    grownMb: grown,
  }
  return { ...ledger.counts(), recoveredAfterMs: slowest, also }
}
