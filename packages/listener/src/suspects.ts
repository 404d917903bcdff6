import type { Clock } from '@recordcast/transport'
import type { Lanes } from './lanes.js'
import { lateCache } from './late-cache.js'

/*
An event that was handed out more than once and never came back with a verdict is a suspect: its handler may be what ends the process. But
whatever else was in the process's hands comes back without a verdict as well, so the count alone convicts nobody. Therefore a
suspect is tried alone. The lanes are held until nothing else runs, and of several suspects the one that was handed out most often is
tried; the others are put back with their counts. If the process ends now, only the count of the one on trial
grows beyond suspicion, and at the limit that one is parked. An innocent one gets its verdict in its own trial.

Deliveries that this process has had and survived are no evidence: there a link broke, or the broker lost its patience.
*/
export interface Suspects {
  /** How many deliveries without a verdict speak against a message that is handed out here with that count now. */
  against(id: string, unanswered: number): number
  /** The message is put back with the count that speaks against it. */
  forget(id: string): void
  /** Whether an event with that count has to be tried. */
  isSuspect(unanswered: number): boolean
  /**
   * Runs the job alone and resolves with what it gave. 'another': a different one is to be tried first, put this one back.
   * undefined: the lanes were closed before its turn.
   */
  try<T>(unanswered: number, job: () => Promise<T>): Promise<T | 'another' | undefined>
  /** Tries nobody any more, until it is opened again. The lanes are to be closed and opened as well. */
  close(): void
  open(): void
}

interface Candidate {
  readonly unanswered: number
  run(): Promise<void>
  dismiss(answer: 'another' | undefined): void
}

/** A first crash is nobody's fault; the second makes a suspect of whatever was there both times. */
const fromUnanswered = 2
/*
Between the end of the others and the trial: what was put back should be confirmed as such. Early on, when it is mostly a broken
link that made many suspects, speed matters more: should the process end now, one count more is little to all of them, as
long as it does not bring them to the limit. The count is that of the one who is tried, who may have come during the pause.
*/
const [shortMs, longMs] = [50, 500]
const manyUnanswered = 8
/** Counts below the limit at which one more is not little. */
const margin = 3
const mostRemembered = 10_000

export function createSuspects(lanes: Lanes, clock: Clock, mostUnanswered: number): Suspects {
  const longFrom = Math.min(manyUnanswered, mostUnanswered - margin)
  const settleMs = (unanswered: number): number => (unanswered < longFrom ? shortMs : longMs)
  let candidate: Candidate | undefined
  let onTrial = false
  let closed = false
  let wake = (): void => {}
  const survived = lateCache<number>(mostRemembered)
  // Nearly always nothing speaks against an event, and then it is enough to note it: the notes are read when that changes.
  let noted: string[] = []
  const readNotes = (): void => {
    for (const id of noted) survived.set(id, 1)
    noted = []
  }

  const begin = (first: Candidate): void => {
    candidate = first
    void lanes.alone(tryMostSuspect).then(() => {
      const left = candidate
      const tried = onTrial
      candidate = undefined
      onTrial = false
      if (!tried) left?.dismiss(undefined)
    })
  }
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const callOff = clock.after(ms, resolve)
      wake = () => {
        callOff()
        resolve()
      }
    })
  const tryMostSuspect = async (): Promise<void> => {
    let waited = 0
    while (!closed && candidate !== undefined && waited < settleMs(candidate.unanswered)) {
      const rest = settleMs(candidate.unanswered) - waited
      await pause(rest)
      waited += rest
    }
    if (closed) return
    onTrial = true
    await candidate?.run()
  }

  return {
    against(id, unanswered) {
      if (unanswered === 0) {
        noted.push(id)
        if (noted.length >= 2 * mostRemembered) noted = noted.slice(-mostRemembered)
        return 0
      }
      readNotes()
      const own = Math.min(survived.get(id) ?? 0, unanswered)
      survived.set(id, own + 1)
      return unanswered - own
    },
    forget(id) {
      readNotes()
      survived.delete(id)
    },
    isSuspect: (unanswered) => unanswered >= fromUnanswered,
    try<T>(unanswered: number, job: () => Promise<T>) {
      return new Promise<T | 'another' | undefined>((resolve, reject) => {
        const own: Candidate = {
          unanswered,
          run: () => job().then(resolve, reject),
          dismiss: resolve,
        }
        if (closed) return resolve(undefined)
        if (candidate === undefined) return begin(own)
        if (onTrial || candidate.unanswered >= unanswered) return resolve('another')
        candidate.dismiss('another')
        candidate = own
      })
    },
    close() {
      closed = true
      wake()
    },
    open() {
      closed = false
    },
  }
}
