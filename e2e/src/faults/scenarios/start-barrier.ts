import { createListener, type Source } from 'recordcast'
import { waitUntil } from '../../brokers/wait-until.js'
import { createLedger, type Ledger } from '../ledger.js'
import { connectIn, startSource, thing } from '../parties.js'
import type { Outcome, Room, Scenario } from '../scenario.js'
import { addedMs, connectUsed, inLanes, slowLink } from '../slow-link.js'

/**
 * When `listener.start()` has resolved, three sources emit in the same breath: one near the broker, two behind a slow link, to a
 * listener that is near it in one half of the rounds and behind the slow link in the other.
 */
export const startBarrier: Scenario = {
  number: '7',
  fault: `emits right after listener.start(), ${addedMs} ms on the control plane`,
  run: startAndEmit,
}

async function startAndEmit(room: Room): Promise<Outcome> {
  const long = room.size === 'long'
  const rounds = long ? 500 : 30
  const { url } = await room.sharedBroker()
  const slow = await slowLink(room, url)
  const ledger = createLedger()
  const sources = await Promise.all([url, slow.url, slow.url].map((address) => startSource(room, address)))
  const addresses = [url, slow.url, url, slow.url]
  const links = await Promise.all(addresses.map((address) => connectUsed(room, address)))
  const starts: number[] = []
  let missed = 0
  slow.begin()

  await inLanes(30, rounds, async (number, during) => {
    const service = `round-${number}`
    const fresh = long && number % 10 < 2
    const broker = fresh ? await connectIn(room, addresses[number % 4]!) : links[number % 4]!
    const listener = createListener({ service, broker })
    listener.on(thing.changed, { attributes: ['n', 'a'], where: { b: [service] } }, (event) =>
      ledger.handle(service, event.id),
    )
    const began = performance.now()
    await during('listener.start', listener.start())
    if (number % 2 === 1) starts.push(performance.now() - began)
    const emits = sources.map((source, index) => emitFor(source, ledger, service, index))
    for (const delivered of await Promise.all(emits)) if (!delivered) missed++
    await waitUntil(() => listener.stats().handled >= sources.length, {
      what: `the events of ${service}; ${missed} emits so far did not match a listener that had started`,
      timeoutMs: 30_000,
    })
    await during('unsubscribe', listener.unsubscribe())
    if (fresh) await broker.close()
    if (number % 100 === 99) room.note(`${number + 1} of ${rounds} rounds`)
  })

  slow.end()
  const quickest = Math.min(...starts)
  if (!(quickest > 4 * addedMs)) throw new Error(`A start behind the slow link took ${quickest} ms: it was not slow`)
  return { ...ledger.counts(), also: { rounds, missed, 'quickest slow start ms': Math.round(quickest) } }
}

/** Whether the event went to the one listener that wants it. It is owed to it in any case. */
async function emitFor(source: Source, ledger: Ledger, service: string, index: number): Promise<boolean> {
  const id = `${service}-${index}`
  ledger.emit()
  const facts = { id, after: { n: index, a: 'a', b: service, c: 'c' } }
  const { delivered } = await source.emit(thing.changed, facts, { id })
  ledger.resolve(id, [service])
  return delivered.includes(service)
}
