import type { BrokerNode } from '../../brokers/node.js'
import type { Program } from '../../brokers/process.js'
import { wait } from '../../brokers/wait-until.js'
import { createLedger, type Ledger } from '../ledger.js'
import { connectIn, startListener } from '../parties.js'
import { runProgram } from '../run-program.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

/** A listener is away while its sources are restarted three times and the broker once. */
export const listenerOffline: Scenario = {
  number: '6',
  open: { amqp: 'written, not yet shown', nats: 'written, not yet shown' },
  fault: 'listener offline, every source restarted 3 times, broker once',
  shortMs: 120_000,
  run: emitToNobody,
}

/** New queues may lose what was confirmed right after their declaration if the only node is killed (see docs/durability.md). */
const settleMs = 2000
const sources = 2
/** How the processes end between the four parts of the load. */
const ends = ['SIGTERM', 'SIGKILL', 'SIGTERM'] as const

async function emitToNobody(room: Room): Promise<Outcome> {
  const part = room.size === 'long' ? 1250 : 63
  const events = part * sources * (ends.length + 1)
  const broker = await room.startBroker()
  const [node] = broker.nodes
  if (node === undefined) throw new Error('The broker has no node')
  const ledger = createLedger()
  const early = await startListener(room, broker.url, 'late', ledger)
  await early.stop()
  await wait(settleMs)
  let restarts = 0
  let repeated = 0
  let left: string[][] = Array.from({ length: sources }, () => [])
  for (let round = 0; round <= ends.length; round++) {
    const end = ends[round]
    const lists = left.map((rest, n) => [...rest, ...Array.from({ length: part }, (_, k) => `s${n}-r${round}-${k}`)])
    for (let n = 0; n < part * sources; n++) ledger.emit()
    const running = await Promise.all(
      lists.map((ids) => {
        const dieAfter = end === 'SIGKILL' ? { dieAfter: Math.ceil(ids.length / 2) } : {}
        return runProgram(room, 'source', { url: broker.url, service: 'forge', ...dieAfter })
      }),
    )
    const loads = running.map((program, n) => load(program, lists[n] ?? [], ledger, end))
    if (round === 2) {
      const { emitted, resolved } = ledger.counts()
      if (resolved >= emitted) throw new Error('The broker was killed too late: all emits had resolved')
      await restartBroker(node)
    }
    repeated += left.flat().length
    left = await Promise.all(loads)
    if (end !== undefined) restarts += running.length
    await Promise.all(running.map((program) => program.stop()))
    room.note(`part ${round + 1} of ${ends.length + 1}: ${ledger.counts().resolved} resolved`)
  }
  const { transport } = await connectIn(room, broker.url)
  const waiting = (await transport.inspect('late'))?.ready ?? 0
  const { resolved, handled } = ledger.counts()
  if (resolved !== events) throw new Error(`${resolved} of ${events} events resolved`)
  if (handled !== 0 || waiting < events) throw new Error(`${waiting} of ${events} events wait, ${handled} were handled`)
  const since = Date.now()
  await startListener(room, broker.url, 'late', ledger)
  await ledger.settled(120_000)
  return {
    ...ledger.counts(),
    recoveredAfterMs: Date.now() - since,
    also: { restarts, brokerRestarts: 1, repeated, waiting },
  }
}

/** Has a source emit, waits for its end, and gives what it had not resolved: after SIGKILL the rest, else nothing. */
async function load(program: Program, ids: readonly string[], ledger: Ledger, end: NodeJS.Signals | undefined) {
  const left = new Set(ids)
  program.onReport((report) => {
    if (typeof report.resolved !== 'string') return
    left.delete(report.resolved)
    ledger.resolve(report.resolved, report.delivered as string[])
  })
  program.tell({ emit: ids })
  if (end === 'SIGKILL') {
    const { signal } = await program.exited
    if (signal !== end || left.size === 0) throw new Error(`A source was not killed in time: ${program.complaints}`)
    return [...left]
  }
  await program.next(({ done }) => done === ids.length, { timeoutMs: 120_000 })
  if (left.size > 0) throw new Error(`${left.size} emits were rejected: ${JSON.stringify(program.reports.at(-2))}`)
  if (end !== undefined) await program.kill(end)
  return []
}

async function restartBroker(node: BrokerNode): Promise<void> {
  await node.kill()
  await node.restart()
  await node.whenUp()
}
