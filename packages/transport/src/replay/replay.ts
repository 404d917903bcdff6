import { type Clock, systemClock } from '../clock.js'
import { TransportError } from '../errors.js'
import { type Message, type ParkedMessage, shelfOf, type Transport } from '../transport.js'
import { openPass } from './pass.js'
import { redrive } from './redrive.js'

export interface ReplayOptions {
  /** Which parked messages; default all. One for which it throws stays parked and is reported. */
  readonly select?: (parked: ParkedMessage) => boolean | Promise<boolean>
  /** Most messages replayed or dropped; default all. */
  readonly limit?: number
  /** 'replay' (default) publishes again to the queue; 'drop' lets go. */
  readonly action?: 'replay' | 'drop'
  /** Ends the pass when nothing has happened for so long, as when another pass shares the shelf. Default 10,000. */
  readonly timeoutMs?: number
  readonly clock?: Clock
}

export interface ReplayReport {
  readonly replayed: number
  readonly dropped: number
  /** Looked at and still parked, those that failed included. */
  readonly kept: number
  /** Messages that could not be replayed, or on which `select` threw. They stay parked. */
  readonly failed: readonly { readonly id: string; readonly error: Error }[]
}

const window = 10_000

/**
 * Replays or drops the parked messages of a queue, oldest first, with nothing but contract verbs: consume the
 * shelf, publish, ack. Every message that was parked at the start is looked at once at most; those that stay are held
 * without a verdict until then and go back together, uncounted. A pass holds at most 10,000 of them and then ends.
 * Like all delivery it is at-least-once: a crash between publish and ack replays again, under the same id.
 *
 * Rejects as inspect and consume do, and with invalid-argument for options that make no sense.
 */
export async function replayParked(
  transport: Transport,
  queue: string,
  options: ReplayOptions = {},
): Promise<ReplayReport> {
  const { select = () => true, limit = Number.POSITIVE_INFINITY, action = 'replay' } = options
  const { timeoutMs = 10_000, clock = systemClock } = options
  if (!(limit >= 0)) throw invalid(`limit is a number from 0, not ${String(limit)}.`)
  if (!(timeoutMs > 0)) throw invalid(`timeoutMs is a number above 0, not ${String(timeoutMs)}.`)
  if (action !== 'replay' && action !== 'drop') throw invalid(`action is 'replay' or 'drop', not ${String(action)}.`)

  const failed: { id: string; error: Error }[] = []
  const parked = (await transport.inspect(queue))?.parked ?? 0
  if (parked === 0 || limit === 0) return { replayed: 0, dropped: 0, kept: 0, failed }

  const used = new Set<string>()
  let gone = 0
  let kept = 0
  const letGo = async (message: ParkedMessage): Promise<boolean> => {
    try {
      if (!(await select(message))) return false
      if (action === 'replay') await publishAgain(transport, queue, redrive(message, used))
      return true
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      failed.push({ id: message.message.id, error })
      return false
    }
  }
  const pass = openPass(clock, timeoutMs, parked, async (message) => {
    const done = await letGo(message)
    if (done) gone++
    else kept++
    return { done, last: gone >= limit || kept >= window }
  })
  const running = await transport.consume(shelfOf(queue), { concurrency: Math.min(parked, window) }, pass.handle)
  await pass.ended()
  const stopped = running.stop()
  await pass.release()
  await stopped
  return { replayed: action === 'replay' ? gone : 0, dropped: action === 'drop' ? gone : 0, kept, failed }
}

async function publishAgain(transport: Transport, queue: string, message: Message): Promise<void> {
  const { gone, failed } = await transport.publish([queue], message)
  if (failed[0]) throw failed[0].error
  if (gone.length > 0) throw new Error(`The queue ${queue} does not exist, so nothing can be replayed into it.`)
}

function invalid(sentence: string): TransportError {
  return new TransportError('invalid-argument', sentence)
}
