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
  fault: 'listener offline, every source restarted 3 times, broker once',
  run: emitToNobody,
}

/** New queues may lose what was confirmed right after their declaration if the only node is killed (see docs/durability.md). */
const settleMs = 2000
const sources = 2
/** How the processes end between the four parts of the load. */
const ends = ['SIGTERM', 'SIGKILL', 'SIGTERM'] as const
/** The part in which the broker is killed. */
const brokersPart = 2

async function emitToNobody(room: Room): Promise<Outcome> {
  const part = room.size === 'long' ? 1250 : 63
  const events = part * sources * (ends.length + 1)
  const broker = await room.startBroker()
  const [node] = broker.nodes
  if (node === undefined) throw new Error('The broker has no node')
  const ledger = createLedger()
  const early = await startListener(room, broker.url, 'late', ledger)
  await early.stop()
  const declaredAt = Date.now()
  let restarts = 0
  let brokerRestarts = 0
  let repeated = 0
  let left: string[][] = Array.from({ length: sources }, () => [])
  for (let round = 0; round <= ends.length; round++) {
    const end = ends[round]
    const lists = left.map((rest, n) => [...rest, ...Array.from({ length: part }, (_, k) => `s${n}-r${round}-${k}`)])
    repeated += left.flat().length
    const loads = await Promise.all(
      lists.map(async (ids) => {
        const dieAfter = end === 'SIGKILL' ? { dieAfter: Math.ceil(ids.length / 2) } : {}
        const program = await runProgram(room, 'source', { url: broker.url, service: 'forge', ...dieAfter })
        return { program, ids, left: keepUnresolved(program, ids, ledger) }
      }),
    )
    for (let n = 0; n < part * sources; n++) ledger.emit()
    const before = ledger.counts().resolved
    const atOnce = round === brokersPart ? Math.ceil(part / 2) : undefined
    for (const { program, ids } of loads) program.tell({ emit: ids.slice(0, atOnce) })
    if (atOnce !== undefined) {
      await wait(Math.max(0, declaredAt + settleMs - Date.now()))
      await ledger.reaches(before + atOnce, 60_000)
      const most = Math.ceil((3 * part) / 4)
      for (const { program, ids } of loads) program.tell({ emit: ids.slice(atOnce, most) })
      await restartBroker(node, ledger, () => {
        for (const { program, ids } of loads) program.tell({ emit: ids.slice(most) })
      })
      brokerRestarts++
    }
    left = await Promise.all(loads.map((one) => whenEnded(one, end)))
    if (end !== undefined) restarts += loads.length
    await Promise.all(loads.map(({ program }) => program.stop()))
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
  const counts = ledger.counts()
  if (counts.handled !== events) throw new Error(`${counts.handled} of ${events} events were handled`)
  return { ...counts, recoveredAfterMs: Date.now() - since, also: { restarts, brokerRestarts, repeated, waiting } }
}

interface Load {
  readonly program: Program
  /** What it has to emit. */
  readonly ids: readonly string[]
  /** What of it has not resolved. */
  readonly left: ReadonlySet<string>
}

function keepUnresolved(program: Program, ids: readonly string[], ledger: Ledger): ReadonlySet<string> {
  const left = new Set(ids)
  program.onReport((report) => {
    if (typeof report.resolved !== 'string') return
    left.delete(report.resolved)
    ledger.resolve(report.resolved, report.delivered as string[])
  })
  return left
}

/** Waits until a source has emitted everything, or died of it, and ends it. Gives what the next one has to emit again. */
async function whenEnded({ program, left }: Load, end: NodeJS.Signals | undefined): Promise<string[]> {
  if (end === 'SIGKILL') {
    const { signal } = await program.exited
    if (signal !== end || left.size === 0) throw new Error(`A source was not killed in time: ${program.complaints}`)
    return [...left]
  }
  const { rejected, why } = await program.next((report) => left.size === 0 || 'rejected' in report, {
    timeoutMs: 120_000,
  })
  if (rejected !== undefined) throw new Error(`The emit of ${rejected} was rejected: ${why}`)
  if (end !== undefined) await program.kill(end)
  return []
}

/** Kills the broker while emits are under way. More begin as it dies, since on a busy machine those before may all have resolved. */
async function restartBroker(node: BrokerNode, ledger: Ledger, emitMore: () => void): Promise<void> {
  const killed = node.kill()
  emitMore()
  await killed
  const { emitted, resolved } = ledger.counts()
  if (resolved >= emitted) throw new Error('The broker was killed too late: all emits had resolved')
  await node.restart()
  await node.whenUp()
}
