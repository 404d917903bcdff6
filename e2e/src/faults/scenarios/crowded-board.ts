import type { Program, Report } from '../../brokers/process.js'
import { announceCrowd } from '../crowd.js'
import { createLedger, type Ledger } from '../ledger.js'
import { connectIn, startListener } from '../parties.js'
import { runProgram } from '../run-program.js'
import type { Outcome, Room, Scenario } from '../scenario.js'

/**
 * Thousands of listeners on the board, some of them poisoned and some very large. One source runs while they announce themselves, others
 * start when all stand; each in a process of its own, so that nothing else counts as its stall.
 */
export const crowdedBoard: Scenario = {
  number: '10',
  fault: 'a crowd on the board, poisoned facts in it',
  run: startAmidCrowd,
}

/**
 * Most milliseconds that a start may take, less those in which other processes had the processor; and that a process may hold up its own
 * event loop.
 */
const mostReadyMs = { long: 5000, short: 30_000 }
const mostStallMs = 100

async function startAmidCrowd(room: Room): Promise<Outcome> {
  const { size } = room
  const count = size === 'long' ? 10_000 : 1000
  const { url } = await room.sharedBroker()
  const ledger = createLedger()
  await startListener(room, url, 'early', ledger)
  const running = await runProgram(room, 'metered', { url })
  const announced = performance.now()
  const crowd = await announceCrowd(await connectIn(room, url), count)
  const announcingMs = performance.now() - announced
  room.note(`${count} facts of ${Math.round(crowd.bytes / count)} bytes announced in ${Math.round(announcingMs)} ms`)
  while ((await emitFrom(running, ledger)).subscriptions !== crowd.subscriptions + 1) {}

  const sources: Program[] = []
  for (let n = 0; n < (size === 'long' ? 5 : 2); n++) sources.push(await runProgram(room, 'metered', { url }))
  const joined = performance.now()
  await startListener(room, url, 'late', ledger)
  const joiningMs = performance.now() - joined
  for (const source of [running, ...sources]) {
    const { delivered, setAside } = await emitFrom(source, ledger)
    if (setAside !== crowd.poisoned) throw new Error(`${setAside} facts are set aside, not ${crowd.poisoned}`)
    if (String(delivered) !== 'early,late') throw new Error(`An event went to "${delivered}"`)
  }
  await ledger.settled(30_000)

  const figures = (programs: readonly Program[], name: string): number[] =>
    programs.flatMap(({ reports }) => reports.flatMap((report) => (name in report ? [Number(report[name])] : [])))
  const readyMs = figures(sources, 'readyMs')
  const ownReadyMs = figures(sources, 'ownReadyMs')
  const ownMs = figures([running, ...sources], 'ownMs')
  const shown = (list: readonly number[]): string => list.map((ms) => Math.round(ms)).join(', ')
  room.note(
    `ready after ${shown(readyMs)} ms; stalls ${shown(figures(sources, 'wallMs'))} ms, its own ${shown(ownMs)} ms`,
  )
  if (!(Math.max(...ownReadyMs) <= mostReadyMs[size]))
    throw new Error(`A source was ready after ${shown(ownReadyMs)} ms of its own, ${shown(readyMs)} ms in all`)
  if (size === 'long' && !(Math.max(...ownMs) <= mostStallMs))
    throw new Error(`A source stalled itself for ${shown(ownMs)} ms`)
  return {
    ...ledger.counts(),
    also: {
      listeners: count,
      'set aside': crowd.poisoned,
      'announcing ms': Math.round(announcingMs),
      'ready ms': `${Math.round(Math.min(...readyMs))} to ${Math.round(Math.max(...readyMs))}`,
      'less what others took': Math.round(Math.max(...ownReadyMs)),
      'longest stall ms': Math.round(Math.max(...figures(sources, 'wallMs'))),
      'of its own': Math.round(Math.max(...figures(sources, 'ownMs'))),
      'while they announced': Math.round(Math.max(...figures([running], 'ownMs'))),
      'listener started ms': Math.round(joiningMs),
    },
  }
}

let emits = 0

/** Has a source emit one event, owed to whom it went. */
async function emitFrom(source: Program, ledger: Ledger): Promise<Report> {
  const id = `event-${++emits}`
  ledger.emit()
  const emitted = source.next((report) => report.emitted === id, { timeoutMs: 60_000 })
  source.tell({ emit: id })
  const report = await emitted
  ledger.resolve(id, report.delivered as string[])
  return report
}
