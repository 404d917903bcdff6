import { type Broker, connect } from 'recordcast'
import { gatherApart } from './company/apart.js'
import type { Company } from './company/company.js'
import { gatherHere } from './company/together.js'
import { type Config, isEmbedded } from './config.js'
import { disagreements, figuresOf, sum } from './figures.js'
import { createLedger, type Ledger } from './ledger.js'
import { cast } from './listeners/cast.js'
import { type Group, gather, meet, question } from './meet.js'
import { openAdmin } from './open-admin.js'
import { printLeaving } from './report/leaving.js'
import { printFirst, printForge, printLater } from './report/meetings.js'
import { cut, type Out } from './report/out.js'
import { printDelivery, printSeen } from './report/seen.js'
import { printTable } from './report/table.js'
import { printCheck, printTotals } from './report/totals.js'
import type { SourceStats } from './sdk.js'

/** How long handlers may take after the last event was published. */
const settleMs = 10_000
const humanPace = 5

interface Scene {
  readonly config: Config
  readonly out: Out
  readonly ledger: Ledger
  readonly company: Company
  /** Ends the replay. */
  readonly ending: AbortSignal
}

/**
 * Runs the demo and prints it. Aborting ends the replay, not the report. @returns whether everything that was counted adds up
 * @throws RecordcastError what `connect` rejects with; PlainError when a process of the demo was lost
 */
export async function runDemo(config: Config, out: Out, signal: AbortSignal): Promise<boolean> {
  const { broker: url, namespace, payloads } = config
  const broker = await connect(url, { namespace })
  const ledger = createLedger((service, event) => {
    if (config.follow) printDelivery(out, service, event)
  })
  const replayed = Number.isFinite(payloads) ? { payloads } : {}
  const company = isEmbedded(config)
    ? gatherHere({ broker, ledger, ...replayed })
    : gatherApart({ broker, ledger, welcome: { broker: url, namespace, ...replayed } })
  const ending = AbortSignal.any([signal, company.lost])
  ending.addEventListener('abort', () => void company.replayer.halt().catch(() => undefined))
  let closeAdmin = async (): Promise<void> => undefined
  try {
    if (config.follow) closeAdmin = await openAdmin(broker, config.adminPort, out)
    const { addsUp, stats } = await play({ config, out, ledger, company, ending })
    await company.close()
    company.lost.throwIfAborted()
    return (isEmbedded(config) || (await isTidy(broker, stats, out))) && addsUp
  } catch (error) {
    await company.close()
    // Who was lost is why the rest failed.
    throw company.lost.aborted ? company.lost.reason : error
  } finally {
    await closeAdmin()
    await broker.close()
  }
}

/** The order of events, and the report. */
async function play(scene: Scene): Promise<{ addsUp: boolean; stats: SourceStats }> {
  const { config, out, ledger, company, ending } = scene
  const { replayer, lost } = company
  const { present, events } = await introduce(scene)

  const joinAfter = config.follow ? Math.min(5 * humanPace, events) : Math.ceil(events / 2)
  const pace = config.follow ? { eventsPerSecond: humanPace } : {}
  if (config.follow) out.heading(`Deliveries, of ${humanPace} events a second, until Ctrl-C`)
  if (!ending.aborted) await replayer.play({ to: joinAfter, ...pace })
  for (const part of ending.aborted ? [] : cast.midway) {
    const group = gather(company, part)
    const meeting = await meet(group)
    printLater(out, meeting, (await replayer.account()).stats.emitted)
    present.push(group)
  }
  if (!ending.aborted) await replayer.play({ from: joinAfter, ...pace })
  while (config.follow && !ending.aborted) await replayer.play(pace)

  const played = await replayer.account()
  await ledger.reached(
    sum(played.stats.listeners, (each) => each.delivered),
    settleMs,
    lost,
  )
  lost.throwIfAborted()
  // Before anybody leaves: the source forgets who is gone.
  const { stats, store } = await replayer.account()
  await Promise.all(present.flatMap(({ players }) => players.map((player) => player.leave())))
  await replayer.leave()

  const accounts = await Promise.all(present.map(question))
  const figures = accounts.map((account) => figuresOf(account, stats, ledger.page(account.service)))
  const wrong = disagreements(figures)
  printSeen(out, accounts, ledger)
  printTable(out, figures)
  printTotals(out, stats, store, figures)
  printCheck(out, figures, wrong)
  return { addsUp: wrong.length === 0, stats }
}

/** Starts the source between listeners that come before it and listeners that come after. Gives those who are there. */
async function introduce({ config, out, company }: Scene): Promise<{ present: Group[]; events: number }> {
  const before = cast.beforeSource.map((part) => gather(company, part))
  const after = cast.afterSource.map((part) => gather(company, part))
  const apart = `, each in a process of its own, in the namespace "${config.namespace}"`
  out.heading(cut(`Who found whom${isEmbedded(config) ? '' : apart}`, out.width))
  const first = []
  for (const group of before) first.push(await meet(group))
  const opened = await company.replayer.start()
  for (const meeting of first) printFirst(out, meeting, opened.taken[meeting.service] ?? 0)
  printForge(out, opened)
  for (const group of after) printLater(out, await meet(group))
  return { present: [...before, ...after], events: opened.events }
}

/** Whether the queues that the source knew are gone from the broker. */
async function isTidy({ transport, namespace }: Broker, { listeners }: SourceStats, out: Out): Promise<boolean> {
  const queues = [...new Set(listeners.map(({ queue }) => queue))]
  const reports = await Promise.all(queues.map((queue) => transport.inspect(queue)))
  const left = queues.filter((_, index) => reports[index] !== undefined)
  printLeaving(out, namespace, queues.length, left)
  return left.length === 0
}
