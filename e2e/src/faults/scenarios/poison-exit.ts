import type { ParkedMessage, Transport } from '@recordcast/transport'
import { waitUntil } from '../../brokers/wait-until.js'
import { createLedger, type Ledger } from '../ledger.js'
import { connectIn, emitMany, startSource } from '../parties.js'
import { onEffect, runProgram } from '../run-program.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

/**
 * One event makes its handler end the process, which is started again each time, as a supervisor does. Exactly that one is parked;
 * those that were in hand with it are all handled.
 */
export const poisonExit: Scenario = {
  number: '12b',
  fault: 'poison event that exits the process, under a supervisor',
  run: poison,
}

/** Small enough that NATS takes a dead consumer's messages back soon. */
const ackWaitMs = 1000
const service = 'poisoned'
const fatal = 'poison0'

async function poison(room: Room): Promise<Outcome> {
  const long = room.size === 'long'
  const neighbours = long ? 1000 : 40
  // The long form leaves the limit at its default.
  const unanswered = long ? 20 : 6
  const patienceMs = long ? 180_000 : 50_000
  const { url } = await room.sharedBroker()
  const ledger = createLedger()
  const { transport } = await connectIn(room, url)
  const limit = long ? {} : { unanswered }
  const settings = { url, service, ackWaitMs, concurrency: 5, handleMs: 5, fatal, fate: 'exit', ...limit } as const
  const start = () => runProgram(room, 'listener', settings)
  const supervised = supervise(start, await start(), ledger, room)

  const source = await startSource(room, url)
  await emitMany(source, ledger, neighbours / 2, { prefix: 'before' })
  await emitMany(source, ledger, 1, { prefix: 'poison' })
  await emitMany(source, ledger, neighbours / 2, { prefix: 'after' })
  const onTheShelf = { what: `${fatal} on the shelf`, timeoutMs: patienceMs, hopeless: supervised.failed }
  const [parked] = await waitUntil(() => shelfIfFull(transport), onTheShelf)
  if (parked?.message.id !== fatal) throw new Error(`${parked?.message.id} was parked, not ${fatal}`)
  const code = parked.message.headers['error-code']
  if (code !== 'handler-silent') throw new Error(`It was parked for ${code}: ${parked.why}`)
  ledger.park(service, fatal)
  // Those that were in hand at two exits or more are handled one by one.
  const since = Date.now()
  await ledger.settled(patienceMs)
  const recoveredAfterMs = Date.now() - since

  await waitUntil(() => isEmpty(transport), { what: `${service} to be empty` })
  const exits = await supervised.stop()
  const shelf = (await transport.inspect(service))?.parked
  if (shelf !== 1) throw new Error(`${shelf} events are parked, not the one`)
  if (exits < unanswered) throw new Error(`It was parked after ${exits} exits, before the ${unanswered}th`)
  const counts = ledger.counts()
  if (counts.handled !== neighbours) throw new Error(`${counts.handled} of ${neighbours} neighbours were handled`)
  return { ...counts, recoveredAfterMs, also: { exits, unanswered, parked: shelf } }
}

/** Starts a program again whenever it has ended by itself with code 1; fails on any other end. */
function supervise(
  start: () => ReturnType<typeof runProgram>,
  first: Awaited<ReturnType<typeof runProgram>>,
  ledger: Ledger,
  room: Room,
): { stop(): Promise<number>; failed(): string | undefined } {
  let program = first
  let exits = 0
  let over = false
  const watch = async (): Promise<number> => {
    for (;;) {
      onEffect(program, (id) => ledger.handle(service, id))
      const { code, signal } = await program.exited
      if (over) return exits
      if (code !== 1) throw new Error(`A listener ended with ${signal ?? code}: ${program.complaints}`)
      exits++
      room.note(`exit ${exits}`)
      await program.stop()
      program = await start()
    }
  }
  let failure: string | undefined
  const watched = watch()
  watched.catch((error) => {
    failure = String(error)
  })
  return {
    failed: () => failure,
    async stop() {
      over = true
      await program.kill('SIGTERM')
      return watched
    },
  }
}

async function shelfIfFull(transport: Transport): Promise<readonly ParkedMessage[] | undefined> {
  const report = await transport.inspect(service, { peekParked: 5 })
  return report?.peeked.length ? report.peeked : undefined
}

async function isEmpty(transport: Transport): Promise<boolean> {
  const report = await transport.inspect(service)
  return report !== undefined && report.ready + report.unsettled === 0
}
