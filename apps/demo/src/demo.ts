import { connect } from 'recordcast'
import type { Config } from './config.js'
import { disagreements, figuresOf, sum } from './figures.js'
import { createForge } from './forge.js'
import { createLedger } from './ledger.js'
import { type Cast, createCast } from './listeners/cast.js'
import type { Member } from './listeners/member.js'
import { type Meeting, meet, open } from './meet.js'
import { readPayloads } from './payloads.js'
import { cuesOf, replay } from './replay.js'
import { printFirst, printForge, printLater } from './report/meetings.js'
import type { Out } from './report/out.js'
import { printDelivery, printSeen } from './report/seen.js'
import { printTable } from './report/table.js'
import { printCheck, printTotals } from './report/totals.js'
import type { Source } from './sdk.js'
import { createStore } from './store.js'

/** How long handlers may take after the last event was published. */
const settleMs = 5000
const humanPace = 5

/** Runs the demo and prints it. Aborting ends the replay, not the report. @returns whether everything that was counted adds up */
export async function runDemo(config: Config, out: Out, signal: AbortSignal): Promise<boolean> {
  const payloads = readPayloads().slice(0, config.payloads)
  const store = createStore(payloads)
  const broker = await connect(config.broker)
  try {
    const forge = createForge(broker, store)
    const ledger = createLedger((service, event) => {
      if (config.follow) printDelivery(out, service, event)
    })
    const cast = createCast({ broker, see: ledger.see })
    const present = await introduce(cast, forge, out)

    const cues = cuesOf(payloads)
    const joinAfter = config.follow ? Math.min(5 * humanPace, cues.length) : Math.ceil(cues.length / 2)
    const emitting = { forge, store, ledger, signal, ...(config.follow && { eventsPerSecond: humanPace }) }
    if (config.follow) out.heading(`Deliveries, of ${humanPace} events a second, until Ctrl-C`)
    await replay(cues.slice(0, joinAfter), emitting)
    for (const member of signal.aborted ? [] : cast.midway) {
      printLater(out, await meet(member), forge.stats().emitted)
      present.push(member)
    }
    await replay(cues.slice(joinAfter), emitting)
    while (config.follow && !signal.aborted) await replay(cues, emitting)

    const delivered = sum(forge.stats().listeners, (each) => each.delivered)
    await ledger.reached(delivered, settleMs)
    // Before anybody stops: the source forgets an instance of an 'each' listener when it goes.
    const stats = forge.stats()
    await Promise.all(present.flatMap(({ instances }) => instances.map((listener) => listener.stop())))
    await forge.stop()

    const figures = present.map((member) => figuresOf(member, stats, ledger))
    const wrong = disagreements(figures)
    printSeen(out, present, ledger)
    printTable(out, figures)
    printTotals(out, stats, store.stats(), figures)
    printCheck(out, figures, wrong)
    return wrong.length === 0
  } finally {
    await broker.close()
  }
}

/** Starts the source between listeners that come before it and listeners that come after. Gives those who are there. */
async function introduce({ beforeSource, afterSource }: Cast, forge: Source, out: Out): Promise<Member[]> {
  out.heading('Who found whom')
  const first: Meeting[] = []
  for (const member of beforeSource) first.push(await meet(member))
  const { ms, taken } = await open(forge)
  for (const meeting of first) printFirst(out, meeting, taken.get(meeting.member.service) ?? 0)
  printForge(out, ms, taken)
  for (const member of afterSource) printLater(out, await meet(member))
  return [...beforeSource, ...afterSource]
}
