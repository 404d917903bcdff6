import { createListener, createSource } from 'recordcast'
import { wait, waitUntil } from '../../brokers/wait-until.js'
import { createLedger } from '../ledger.js'
import { thing } from '../parties.js'
import type { Outcome, Room, Scenario } from '../scenario.js'
import { addedMs, connectUsed, inLanes, slowLink } from '../slow-link.js'

/** A source and a listener that start at the same instant, the one, the other or both behind a slow link. */
export const sameInstant: Scenario = {
  number: '7b',
  fault: `source and listener start at the same instant, ${addedMs} ms on the control plane`,
  run: startTogether,
}

async function startTogether(room: Room): Promise<Outcome> {
  const rounds = room.size === 'long' ? 500 : 30
  const { url } = await room.sharedBroker()
  const slow = await slowLink(room, url)
  const ledger = createLedger()
  const forSources = await Promise.all([slow.url, url, slow.url].map((address) => connectUsed(room, address)))
  const forListeners = await Promise.all([url, slow.url, slow.url].map((address) => connectUsed(room, address)))
  const seen = { unasked: 0, 'asked at the start': 0 }
  let missed = 0
  slow.begin()

  await inLanes(30, rounds, async (number, during) => {
    const service = `round-${number}`
    const forge = `forge-${number}`
    const source = createSource({ service: forge, records: [{ type: thing }], broker: forSources[number % 3]! })
    const listener = createListener({ service, broker: forListeners[number % 3]! })
    listener.on(thing.changed, { attributes: ['n'], where: { b: [service] } }, (event) =>
      ledger.handle(service, event.id),
    )
    // In three rounds of four one of them is later by up to the time that a few words with the broker take.
    const late = (number % 4) * (number % 8 < 4 ? 1 : -1) * 2 * addedMs * Math.random()
    const [answers] = await Promise.all([
      wait(Math.max(0, late)).then(() => during('listener.start', listener.start())),
      wait(Math.max(0, -late)).then(() => during('source.start', source.start())),
    ])
    const asked = answers.some((answer) => answer.service === forge && answer.answered)
    seen[asked ? 'asked at the start' : 'unasked']++
    const id = `${service}-0`
    ledger.emit()
    const facts = { id, after: { n: number, a: 'a', b: service, c: 'c' } }
    const { delivered } = await during('emit', source.emit(thing.changed, facts, { id }))
    ledger.resolve(id, [service])
    if (!delivered.includes(service)) missed++
    await waitUntil(() => listener.stats().handled > 0, {
      what: `the event of ${service}; ${missed} so far did not match although both had started`,
      timeoutMs: 30_000,
    })
    await Promise.all([during('unsubscribe', listener.unsubscribe()), during('source.stop', source.stop())])
    if (number % 100 === 99) room.note(`${number + 1} of ${rounds} rounds`)
  })

  slow.end()
  if (rounds === 500 && Math.min(...Object.values(seen)) === 0)
    throw new Error(`Neither was ever the later one: ${JSON.stringify(seen)}`)
  return { ...ledger.counts(), also: { rounds, missed, ...seen } }
}
