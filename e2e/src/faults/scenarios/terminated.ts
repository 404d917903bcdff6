import { createListener } from 'recordcast'
import type { Program } from '../../brokers/process.js'
import { createLedger, type Ledger } from '../ledger.js'
import { changed, connectIn, startListener, startSource, thing } from '../parties.js'
import { onEffect, runProgram } from '../run-program.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

/**
 * A process that is listener and source gets its SIGTERM with 200 handlers in flight and 1,000 emits unconfirmed. Every second time
 * some of the handlers never end, and what they held is handled by whoever comes next.
 */
export const terminated: Scenario = {
  number: '12c',
  fault: 'SIGTERM with 200 handlers in flight and 1,000 emits unconfirmed',
  run: terminate,
}

const service = 'worker'
const inFlight = 200
const emits = 1000
const endless = 5

async function terminate(room: Room): Promise<Outcome> {
  const rounds = room.size === 'long' ? 20 : 2
  const { url } = await room.sharedBroker()
  const ledger = createLedger()
  const broker = await connectIn(room, url)
  await startListener(room, broker, 'witness', ledger)
  const source = await startSource(room, broker)
  let slowest = 0
  let givenBack = 0
  for (let round = 0; round < rounds; round++) {
    // The service emits as well, so its own events are told apart by their ids.
    const stubborn = round % 2 === 1
    const stopTimeoutMs = stubborn ? 1000 : 30_000
    const program = await runProgram(room, 'worker', {
      url,
      service,
      concurrency: inFlight,
      emits,
      prefix: `last${round}-`,
      stopTimeoutMs,
    })
    onEffect(program, (id) => ledger.handle(service, id))
    const ids = Array.from(
      { length: inFlight },
      (_, n) => `${stubborn && n < endless ? 'endless' : 'one'}${round}-${n}`,
    )
    await Promise.all(
      ids.map(async (id) => {
        ledger.emit()
        const { delivered } = await source.emit(thing.created, changed(id), { id })
        ledger.resolve(id, delivered)
      }),
    )
    await begun(program, ids)
    const tookMs = await endOf(program, ledger, stopTimeoutMs)
    slowest = Math.max(slowest, tookMs)
    const report = await broker.transport.inspect(service)
    const back = stubborn ? endless : 0
    // JetStream counts what was put back among what is unsettled until it is delivered again.
    if (report === undefined || report.ready + report.unsettled !== back || report.parked > 0 || report.attended)
      throw new Error(`Its exit left ${JSON.stringify(report)} where ${back} events should have gone back`)
    givenBack += back
    if (stubborn) await handleRest(room, url, ledger)
    await ledger.settled(60_000)
    room.note(`round ${round + 1} of ${rounds}: ended after ${Math.round(tookMs)} ms`)
  }
  const counts = ledger.counts()
  if (counts.duplicated > 0) throw new Error(`${counts.duplicated} events were handled twice`)
  return { ...counts, also: { terminations: rounds, 'given back': givenBack, 'slowest exit ms': Math.round(slowest) } }
}

async function begun(program: Program, ids: readonly string[]): Promise<void> {
  const left = new Set(ids)
  for (const { began } of program.reports) left.delete(String(began))
  // They may all have begun before the last emit has heard of its confirm.
  if (left.size === 0) return
  await program.next(({ began }) => left.delete(String(began)) && left.size === 0, { after: program.reports.length })
}

/** Sends it the signal, at which it emits. Returns after how many milliseconds it ended. */
async function endOf(program: Program, ledger: Ledger, stopTimeoutMs: number): Promise<number> {
  program.onReport(({ resolved, delivered }) => {
    if (typeof resolved === 'string') ledger.resolve(resolved, delivered as string[])
  })
  for (let n = 0; n < emits; n++) ledger.emit()
  const since = performance.now()
  const { code, signal } = await program.kill('SIGTERM')
  const tookMs = performance.now() - since
  const { reports, complaints } = program
  const atTerm = reports.find((report) => report.terminated === true)
  if (code !== 0) throw new Error(`It ended with ${signal ?? code}: ${complaints}`)
  if (atTerm?.running !== inFlight || atTerm.unresolved !== emits)
    throw new Error(`Its SIGTERM came with ${JSON.stringify(atTerm)}`)
  const rejected = reports.find((report) => 'rejected' in report)
  if (rejected !== undefined) throw new Error(`An emit was rejected: ${JSON.stringify(rejected)}`)
  if (reports.at(-1)?.closed !== true || reports.at(-1)?.unresolved !== 0)
    throw new Error(`Its last words were ${JSON.stringify(reports.at(-1))}`)
  if (complaints !== '') throw new Error(`It complained: ${complaints}`)
  // Beside what handlers are given: the last confirms and the goodbyes.
  const graceMs = stopTimeoutMs + 10_000
  if (tookMs > graceMs) throw new Error(`It ended after ${tookMs} ms, later than ${graceMs} ms`)
  return tookMs
}

/** The next instance of the service, whose handlers end. */
async function handleRest(room: Room, url: string, ledger: Ledger): Promise<void> {
  const listener = createListener({ service, broker: await connectIn(room, url) })
  listener.on(thing.created, { attributes: ['n'] }, ({ id }) => ledger.handle(service, id))
  await listener.start()
  await ledger.settled(60_000)
  await listener.stop()
}
