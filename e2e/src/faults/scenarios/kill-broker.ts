import { wait } from '../../brokers/wait-until.js'
import { createLedger } from '../ledger.js'
import { emitMany, startListener, startSource } from '../parties.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

/** The broker is killed under load and started again, over and over; once it is killed again while it boots. */
export const killBroker: Scenario = {
  number: '1',
  fault: 'broker kill -9 under load',
  run: killUnderLoad,
}

/** New queues may lose what was confirmed right after their declaration if the only node is killed (see docs/durability.md). */
const settleMs = 2000

async function killUnderLoad(room: Room): Promise<Outcome> {
  const long = room.size === 'long'
  const kills = long ? 20 : 2
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
    const load = emitMany(source, ledger, each, { prefix: `k${kill}-` })
    await wait(100 + ((kill * 37) % 200))
    await node.kill()
    await node.restart()
    if (kill % 2 === 1) {
      await wait(300)
      await node.kill()
      await node.restart()
    }
    await node.whenUp()
    const up = Date.now()
    const [probe] = await Promise.all([emitMany(source, ledger, 1, { prefix: `probe${kill}-` })])
    slowest = Math.max(slowest, Date.now() - up)
    rejected += probe.rejected + (await load).rejected
    await ledger.settled(60_000)
    room.note(
      `kill ${kill + 1} of ${kills}: ${ledger.counts().resolved} resolved, recovered after ${Date.now() - up} ms`,
    )
  }
  return { ...ledger.counts(), recoveredAfterMs: slowest, also: { kills, rejected } }
}
