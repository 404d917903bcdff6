import { branchHolds, createLook, holdsPlainly, type Look } from '../evaluate/evaluate.js'
import type { Branch } from '../evaluate/probe.js'
import type { Reading } from '../read/reading.js'
import { createWork, type Work } from '../work.js'
import type { Effort } from './effort.js'
import { branchesOf } from './entries.js'
import type { Visits } from './filing.js'
import type { Entry, Posting } from './posting.js'

/** Takes what matches, or what could not be decided. */
export type Visitor<Key> = (entry: Entry<Key>, undecided: boolean) => void

/** Looks at what comes up for one event after the other. */
export interface Verifier<Key> {
  /** Begins with an event, for which some work has been done already. */
  begin(visitor: Visitor<Key>, work: Work): void
  readonly visits: Visits
  /** Tells what has not been found to match that it could not be decided. */
  giveUp(entry: Entry<Key>): void
  /** Ends with it: gives the postings that came up in vain too often. */
  end(): Posting[]
  /** Branches looked at since the beginning, and those taken as holding without. */
  readonly verified: number
  readonly accepted: number
}

/** How many postings are filed anew for one event. */
const mostMoves = 8

export function createVerifier<Key>(reading: Reading, effort: Effort): Verifier<Key> {
  /** Of patterns with several branches that had to be looked at closely. */
  const looks = new Map<Entry<unknown>, Closely>()
  const misfiled: Posting[] = []
  let visitor: Visitor<Key> = () => {}
  let event = 0
  /** What looking closely at one pattern may take. */
  let left = 0
  let verified = 0
  let accepted = 0

  function verify(posting: Posting, isSure: boolean): void {
    effort.steps++
    const entry = posting.entry ?? (posting as Entry<Key>)
    if (posting.seen === event || entry.matched === event) return
    posting.seen = event
    verified++
    const { branch } = posting
    const holds = holdsPlainly(branch, reading, isSure ? posting.anchor : -1) ?? holdsClosely(entry, branch)
    if (holds === false) {
      if (posting.at < 0 && --posting.patience < 0 && misfiled.length < mostMoves) misfiled.push(posting)
      return
    }
    entry.matched = event
    visitor(entry as Entry<Key>, holds === 'undecided')
  }

  function accept(posting: Posting): void {
    effort.steps++
    const entry = posting.entry ?? (posting as Entry<Key>)
    if (entry.matched === event) return
    entry.matched = event
    accepted++
    visitor(entry as Entry<Key>, false)
  }

  function holdsClosely(entry: Entry<unknown>, branch: Branch): boolean | 'undecided' {
    const { look, work } = looks.get(entry) ?? lookClosely(entry)
    const holds = branchHolds(branch, look, reading.ambiguous, work)
    return work.left < 0 ? 'undecided' : holds
  }

  function lookClosely(entry: Entry<unknown>): Closely {
    const work = createWork(left)
    const branches = branchesOf(entry)
    const closely = { look: createLook(branches, reading, work), work }
    if (branches.length > 1) looks.set(entry, closely)
    return closely
  }

  return {
    begin(next, { left: remaining }) {
      event++
      visitor = next
      left = remaining
    },
    visits: { verify, verifyWhole: (posting) => verify(posting, false), accept },
    giveUp(entry) {
      if (entry.matched === event) return
      entry.matched = event
      visitor(entry, true)
    },
    end() {
      if (looks.size > 0) looks.clear()
      return misfiled
    },
    get verified() {
      return verified
    },
    get accepted() {
      return accepted
    },
  }
}

interface Closely {
  readonly look: Look
  readonly work: Work
}
