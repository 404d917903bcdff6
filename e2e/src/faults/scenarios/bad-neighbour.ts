import type { Broker, Source } from 'recordcast'
import type { Program } from '../../brokers/process.js'
import { wait, waitUntil } from '../../brokers/wait-until.js'
import { createLedger, type Ledger } from '../ledger.js'
import { median } from '../median.js'
import { connectIn, startListener, startSource, thing } from '../parties.js'
import { runProgram } from '../run-program.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

/**
 * Nineteen well listeners, and one that is slow, fails and wants huge attributes. Phases with it and without it take turns, so that what
 * else happens on the machine falls on both; in each the same events are emitted.
 */
export const badNeighbour: Scenario = {
  number: '11',
  fault: 'one listener of twenty slow, poisoned and huge',
  run: besideIt,
}

const sufferer = 'sufferer'
const well = Array.from({ length: 19 }, (_, n) => `well${n}`)
/** How much later than without it the others may be, in the long form. */
const mostRatio = 1.5
const hugeBytes = 64 * 1024
const poisonEvery = 5
const paceMs = 25
/**
 * So many events of a phase are not counted, two seconds: in them its process comes up, and makes its queue and its shelf. What a phase tells is how
 * the others fare beside it, not beside the birth of a process on a machine of two cores.
 */
const settling = { short: 10, long: 80 }

interface Stage {
  readonly room: Room
  readonly source: Source
  readonly broker: Broker
  readonly ledger: Ledger
  /** Milliseconds from emit to each handler of a well listener, of the phase that runs. */
  readonly latencies: number[]
  readonly emittedAt: Map<string, number>
}

async function besideIt(room: Room): Promise<Outcome> {
  const long = room.size === 'long'
  const phases = long ? 15 : 3
  const count = long ? 150 : 40
  const { url } = await room.sharedBroker()
  const ledger = createLedger()
  const latencies: number[] = []
  const emittedAt = new Map<string, number>()
  const broker = await connectIn(room, url)
  const sourceBroker = await connectIn(room, url)
  const hear = (id: string): void => {
    const at = emittedAt.get(id)
    if (at !== undefined) latencies.push(performance.now() - at)
  }
  await Promise.all(well.map((service) => startListener(room, broker, service, ledger, {}, hear)))
  const source = await startSource(room, sourceBroker)
  const stage = { room, source, broker, ledger, latencies, emittedAt }

  await emitPhase(stage, 'warm', count)
  const calm: number[] = []
  const disturbed: number[] = []
  let held = 0
  for (let phase = 0; phase < phases; phase++) {
    calm.push(await emitPhase(stage, `calm${phase}`, count))
    const program = await runProgram(room, 'sufferer', { url, ...suffering })
    disturbed.push(await emitPhase(stage, `disturbed${phase}`, count))
    held += await leave(stage, program, settling[room.size] + count)
    room.note(
      `phase ${phase + 1}: p99 ${calm.at(-1)?.toFixed(1)} ms without it, ${disturbed.at(-1)?.toFixed(1)} ms with it`,
    )
  }
  const ratio = median(disturbed) / median(calm)
  if (long && !(ratio <= mostRatio)) throw new Error(`The others were ${ratio.toFixed(2)} times as late`)
  return {
    ...ledger.counts(),
    also: {
      phases: `2 × ${phases}`,
      'p99 without it ms': median(calm).toFixed(1),
      'with it ms': median(disturbed).toFixed(1),
      ratio: ratio.toFixed(2),
      'left to it': held,
    },
  }
}

const suffering = { service: sufferer, concurrency: 2, handleMs: 400, poisonEvery }

/** Emits at an even pace until the well listeners have all of it. Gives the 99th percentile of their latencies. */
async function emitPhase(
  { room, source, ledger, latencies, emittedAt }: Stage,
  phase: string,
  count: number,
): Promise<number> {
  latencies.length = 0
  const first = settling[room.size]
  const huge = 'x'.repeat(hugeBytes)
  const began = performance.now()
  const under: Promise<void>[] = []
  for (let n = 0; n < first + count; n++) {
    await wait(Math.max(0, began + n * paceMs - performance.now()))
    const id = `${phase}-${n}`
    if (n >= first) emittedAt.set(id, performance.now())
    under.push(emitOne({ source, ledger }, id, { n, a: `a${n}`, b: 'b', c: huge }))
  }
  await Promise.all(under)
  await ledger.settled(60_000)
  if (latencies.length !== count * well.length)
    throw new Error(`${latencies.length} events were handled in the phase ${phase}, not ${count * well.length}`)
  return latencies.sort((a, b) => a - b)[Math.floor(latencies.length * 0.99)]!
}

async function emitOne(
  { source, ledger }: Pick<Stage, 'source' | 'ledger'>,
  id: string,
  after: { n: number; a: string; b: string; c: string },
): Promise<void> {
  ledger.emit()
  const { delivered } = await source.emit(thing.changed, { id, after }, { id })
  const others = delivered.filter((queue) => queue !== sufferer)
  if (others.length !== well.length) throw new Error(`${id} went to ${others.length} of the well listeners`)
  ledger.resolve(id, others)
}

/** Has it unsubscribe. What it has not come to, and nothing else, must be left in its queue, and nothing in any other. */
async function leave({ broker: { transport } }: Stage, program: Program, count: number): Promise<number> {
  const left = async (queue: string): Promise<number> => {
    const report = await transport.inspect(queue)
    return report === undefined ? Number.NaN : report.ready + report.unsettled
  }
  // What is handled may still wait for the confirm of its ack.
  for (const queue of well) {
    await waitUntil(async () => (await left(queue)) === 0, {
      what: `${queue} to be left with nothing`,
      timeoutMs: 5000,
    })
  }
  const leftToIt = await left(sufferer)
  program.tell({ leave: true })
  const { handled, bytes } = await program.next((report) => typeof report.handled === 'number')
  // Another process's messages in hand are not seen on RabbitMQ.
  const owed = count - Number(handled) - Math.ceil(count / poisonEvery) - suffering.concurrency
  if (!(leftToIt > 0 && leftToIt >= owed)) throw new Error(`${leftToIt} events are left in its queue, not ${owed}`)
  if (!(Number(bytes) > 0)) throw new Error('It was handed no huge attribute')
  await program.next((report) => report.left === true)
  return leftToIt
}
