import { wait } from '../../brokers/wait-until.js'
import { createLedger } from '../ledger.js'
import { emitMany, startListener, startSource } from '../parties.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

/** The broker is killed under load and started again, over and over; every second time it is killed again while it boots. */
export const killBroker: Scenario = {
  number: '1',
  fault: 'broker kill -9 under load',
  run: killUnderLoad,
}

/** New queues may lose what was confirmed right after their declaration if the only node is killed (see docs/durability.md). */
const settleMs = 2000

async function killUnderLoad(room: Room): Promise<Outcome> {
  const long = room.size === 'long'
  const kills = long ? 20 : 1
  const each = long ? 20_000 : 1000
  const broker = await room.startBroker()
  const [node] = broker.nodes
  if (node === undefined) throw new Error('The broker has no node')
  const ledger = createLedger()
  for (const service of ['one', 'two']) await startListener(room, broker.url, service, ledger)
  const source = await startSource(room, broker.url)
  await wait(settleMs)
  let slowest = 0
  let rejected = 0
  for (let kill = 0; kill < kills; kill++) {
    const retriesBefore = source.stats().publishRetries
    const resolvedBefore = ledger.counts().resolved
    const load = emitMany(source, ledger, each, { prefix: `k${kill}-` })
    // Somewhere between a twentieth and half of the load, another place each time.
    await ledger.reaches(resolvedBefore + Math.ceil((each * (1 + ((kill * 7) % 10))) / 20), 60_000)
    await node.kill()
    await node.restart()
    if ((kills - kill) % 2 === 1) {
      await wait(300)
      await node.kill()
      await node.restart()
    }
    await node.whenUp()
    const up = Date.now()
    const probe = await emitMany(source, ledger, 1, { prefix: `probe${kill}-` })
    const recoveredAfterMs = Date.now() - up
    slowest = Math.max(slowest, recoveredAfterMs)
    rejected += probe.rejected + (await load).rejected
    await ledger.settled(60_000)
    const retries = source.stats().publishRetries - retriesBefore
    if (retries === 0) throw new Error(`Kill ${kill + 1} hit nothing: no publish had to be tried again`)
    room.note(
      `kill ${kill + 1} of ${kills}: ${ledger.counts().resolved} resolved, ${retries} retries, ` +
        `recovered after ${recoveredAfterMs} ms`,
    )
  }
  const { publishRetries } = source.stats()
  return { ...ledger.counts(), recoveredAfterMs: slowest, also: { kills, rejected, publishRetries } }
}
