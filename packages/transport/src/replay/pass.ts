import type { Clock } from '../clock.js'
import { unshelve } from '../driver/shelving.js'
import type { Handle, ParkedMessage, Verdict } from '../transport.js'

export interface Pass {
  readonly handle: Handle
  /** Resolves when every message was looked at, when `look` said so, or when nothing has happened for `idleMs`. */
  ended(): Promise<void>
  /** Gives the held messages back, the newest first, so that each goes before the one that came after it. */
  release(): Promise<void>
}

const ack: Verdict = { do: 'ack' }
const keep: Verdict = { do: 'return', afterMs: 0, why: 'not replayed' }

/**
 * One look at each of `parked` messages of a shelf.
 *
 * Messages are looked at one at a time: the order is kept, and a shelf of thousands does not flood the broker.
 * What stays, and what comes after the pass has ended, gets its verdict from `release` only; an earlier one
 * would bring the message back into the same pass.
 */
export function openPass(
  clock: Clock,
  idleMs: number,
  parked: number,
  look: (parked: ParkedMessage) => Promise<{ readonly done: boolean; readonly last: boolean }>,
): Pass {
  const held: ((verdict: Verdict) => void)[] = []
  let taken = 0
  let looked = 0
  let stirred = 0
  let over = false
  let released = false
  let turn: Promise<boolean> = Promise.resolve(false)
  let resolveEnded = (): void => {}
  const ended = new Promise<void>((resolve) => {
    resolveEnded = resolve
  })

  let callOff = (): void => {}
  function watch(): void {
    const before = stirred
    callOff = clock.after(idleMs, () => (stirred === before ? end() : watch()))
  }
  function end(): void {
    over = true
    callOff()
    resolveEnded()
  }
  async function lookOnce(message: ParkedMessage): Promise<boolean> {
    if (over) return false
    const { done, last } = await look(message)
    looked++
    stirred++
    if (last || looked >= parked) end()
    return done
  }
  function hold(): Promise<Verdict> {
    return new Promise((resolve) => {
      if (released) resolve(keep)
      else held.push(resolve)
    })
  }

  return {
    handle({ message }) {
      if (over || taken >= parked) return hold()
      taken++
      stirred++
      turn = turn.then(() => lookOnce(unshelve(message)))
      return turn.then((done) => (done ? ack : hold()))
    },
    ended() {
      if (!over) watch()
      return ended
    },
    async release() {
      await turn
      await Promise.resolve()
      released = true
      for (const resolve of held.reverse()) resolve(keep)
    },
  }
}
