import { waitUntil } from '../../brokers/wait-until.js'
import { createLedger } from '../ledger.js'
import { changed, connectIn, startListener, startSource, thing } from '../parties.js'
import { runProgram } from '../run-program.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

/** A source's process is killed after each number of confirmed copies of one event; a new source emits the event again. */
export const killSource: Scenario = {
  number: '5',
  fault: 'source kill -9 between two queues of one event, emitted again by another',
  run: killBetweenQueues,
}

async function killBetweenQueues(room: Room): Promise<Outcome> {
  const count = room.size === 'long' ? 50 : 4
  const { url } = await room.sharedBroker()
  const ledger = createLedger()
  const broker = await connectIn(room, url)
  const has = new Map<string, Set<string>>()
  await Promise.all(
    Array.from({ length: count }, (_, n) =>
      startListener(room, broker, `listener${n}`, ledger, {}, (id) => {
        has.set(id, (has.get(id) ?? new Set()).add(`listener${n}`))
      }),
    ),
  )
  const having = (id: string): number => has.get(id)?.size ?? 0
  let kills = 0
  for (let copies = 0; copies <= count; copies++) {
    const id = `event${copies}`
    const victim = await runProgram(room, 'source', { url, service: 'forge', dieAfter: copies })
    ledger.emit()
    victim.tell({ emit: [id] })
    const { signal } = await victim.exited
    if (signal !== 'SIGKILL') throw new Error(`The source of ${id} did not die: ${victim.complaints}`)
    if (victim.reports.some(({ resolved }) => resolved === id)) throw new Error(`${id} resolved before the kill`)
    // What was confirmed is there, and nothing else.
    await waitUntil(() => having(id) === copies, { what: `${id} in ${copies} of ${count} queues`, timeoutMs: 30_000 })
    const source = await startSource(room, broker)
    const { delivered } = await source.emit(thing.changed, changed(id), { id })
    if (delivered.length !== count) throw new Error(`${id} is in ${delivered.length} of ${count} queues`)
    ledger.resolve(id, delivered)
    await ledger.settled(60_000)
    await source.stop()
    await victim.stop()
    kills++
    room.note(`${id}: killed after ${copies} of ${count} copies`)
  }
  // A copy that nobody has handled yet could still be handled a second time.
  const queues = Array.from({ length: count }, (_, n) => `listener${n}`)
  const empty = async (): Promise<boolean> => {
    const reports = await Promise.all(queues.map((queue) => broker.transport.inspect(queue)))
    return reports.every((report) => report !== undefined && report.ready + report.unsettled === 0)
  }
  await waitUntil(empty, { what: 'all queues to be empty' })
  const counts = ledger.counts()
  if (counts.duplicated > 0) throw new Error(`${counts.duplicated} events were handled twice`)
  if (counts.handled !== kills * count) throw new Error(`${counts.handled} copies were handled, not ${kills * count}`)
  return { ...counts, also: { kills, queues: count } }
}
