import { type Message, shelfOf, TransportError, type Verdict } from '@recordcast/transport'
import { pauseAfterThrow } from '@recordcast/transport/consume'
import { shelve } from '@recordcast/transport/driver'
import { type Head, seal } from '../envelope.js'
import { unconfirmed } from '../link/errors.js'
import { isShelf } from '../names.js'
import type { Party } from '../party.js'
import { store } from '../publish/store.js'
import { type Declared, declareShelf } from '../queue/declare.js'
import type { Lease } from './lease.js'
import { ack, tellBroker } from './tell-broker.js'

const pauseMs = 100
const longestPauseMs = 5000
const copyingMs = 30_000
const longestNakMs = 7 * 24 * 3_600_000

/** What carrying out a verdict needs to know of its consumer. */
export interface Bench {
  readonly party: Party
  readonly queue: string
  readonly declared: () => Declared
  readonly onError: ((error: Error) => void) | undefined
  /** Whether it is to stop: then nothing is waited for. */
  readonly stopping: () => boolean
  /** Whether the delivery is still ours. */
  readonly holds: (lease: Lease) => boolean
  /** The broker has heard what becomes of it. */
  readonly over: (lease: Lease) => void
  /** The consumer is not there any more. */
  readonly trouble: () => void
}

/*
JetStream counts deliveries, crashes included, and keeps no headers of a retry. So a retry is a copy at the end of the same
queue that carries attempt, headers and when it is due, and once the copy is confirmed the original is acked. The copy's key for
suppression is made of the original's place: if the process dies between the two, whoever handles the original again
makes no second copy. A restart makes the broker forget the acks of its last moments, and a key with the copy that had it:
what it hands out again of that which was moved on here is let go (Twins). A copy that comes before it is due is put back for
exactly the rest, uncounted; the same check holds when the broker forgets a delay in a restart.
*/
export function carryOut(bench: Bench, lease: Lease, verdict: Exclude<Verdict, { do: 'ack' }>): Promise<void> {
  if (lease.turn?.overtaken) return letGo(bench, lease)
  switch (verdict.do) {
    case 'retry':
      return again(bench, lease, verdict.afterMs, verdict.headers)
    case 'return':
      return putBack(bench, lease, verdict)
    case 'park':
      return park(bench, lease, verdict)
  }
}

/** A copy of it is confirmed already. */
export function letGo(bench: Bench, lease: Lease): Promise<void> {
  return tellBroker(bench, lease, ack)
}

/*
A message that is put back keeps its place, and the broker counts that like a delivery without a verdict. So it happens once:
one that has been out before goes as a copy, which carries the count that it shall have.
*/
async function putBack(bench: Bench, lease: Lease, verdict: Verdict & { do: 'return' }): Promise<void> {
  const { unanswered = 0, afterMs } = verdict
  const { message, attempt, unanswered: before = 0 } = lease.delivery
  if (before === 0 && unanswered === 0) return tellBroker(bench, lease, nak(afterMs))
  const { id, headers } = message
  return copyBack(bench, lease, { id, headers, attempt, unanswered }, afterMs, `r:${lease.place.seq}`)
}

/** Not due yet: back for the rest of its time. */
export async function notYet(bench: Bench, lease: Lease, waitMs: number): Promise<void> {
  await tellBroker(bench, lease, nak(waitMs))
}

async function again(
  bench: Bench,
  lease: Lease,
  afterMs: number,
  headers: Message['headers'] | undefined,
): Promise<void> {
  const { message, attempt } = lease.delivery
  const head = { id: message.id, headers: { ...message.headers, ...headers }, attempt: attempt + 1 }
  return copyBack(bench, lease, head, afterMs, `c:${lease.place.seq}:${attempt}`)
}

async function copyBack(bench: Bench, lease: Lease, head: Head, afterMs: number, key: string): Promise<void> {
  const { party, queue } = bench
  const due = afterMs > 0 ? { due: Math.ceil(party.settings.clock.now() + afterMs) } : {}
  const sealed = seal({ ...head, ...due, hop: lease.hop + 1 })
  const target = { stream: bench.declared().stream, subject: party.names.subject(queue), name: `The queue ${queue}` }
  const outcome = await copied(bench, lease, () => store(party, target, sealed, lease.body, key))
  if (outcome === 'stored') await tellBroker(bench, lease, ack)
  else if (outcome === 'gone') bench.trouble()
}

async function park(bench: Bench, lease: Lease, verdict: Verdict & { do: 'park' }): Promise<void> {
  const { party, queue } = bench
  const { message, attempt } = lease.delivery
  const parkedAt = new Date(party.settings.clock.now()).toISOString()
  const own = Object.fromEntries(Object.entries(message.headers).filter(([name]) => !name.startsWith('rc-')))
  const copy = shelve({
    message: { ...message, headers: { ...own, ...verdict.headers } },
    why: verdict.why,
    attempt,
    parkedAt,
  })
  const shelf = isShelf(queue) ? queue : shelfOf(queue)
  const target = { stream: party.names.stream(shelf), subject: party.names.subject(shelf), name: `The shelf ${shelf}` }
  const sealed = seal({ id: copy.id, headers: copy.headers })
  const { stream, making } = bench.declared()
  const put = () => store(party, target, sealed, lease.body, `p:${stream}:${making}:${lease.place.seq}`)
  const outcome = await copied(bench, lease, async () => {
    if ((await put()) === 'stored') return 'stored'
    await declareShelf(party, shelf)
    return put()
  })
  if (outcome === 'stored') await tellBroker(bench, lease, ack)
}

/*
What a broken link or a silent broker leaves open is tried again under the same key, for half a minute at most and while the
delivery is ours: put back, it would be handled over and over while a broker starts. Any other copy that cannot be
confirmed leaves the original where it is: it goes back uncounted, and that is told.
*/
async function copied(
  bench: Bench,
  lease: Lease,
  put: () => Promise<'stored' | 'gone'>,
): Promise<'stored' | 'gone' | 'failed'> {
  const { party, queue, onError } = bench
  const { clock, scrub } = party.settings
  const patientUntil = clock.now() + copyingMs
  for (let failures = 1; ; failures++) {
    try {
      const outcome = await put()
      if (outcome === 'stored') lease.turn?.moved()
      return outcome
    } catch (error) {
      const cause = unconfirmed(error, 'Its copy was not confirmed', scrub)
      const mayPass = cause.code === 'connection-lost' || cause.code === 'not-confirmed'
      if (!mayPass || bench.stopping() || !bench.holds(lease) || clock.now() >= patientUntil) {
        const sentence = `A message of ${queue} comes again uncounted, for its copy could not be confirmed: ${cause.message}`
        party.tell(onError, new TransportError('not-confirmed', sentence, { cause }))
        await tellBroker(bench, lease, nak(pauseAfterThrow(lease.delivery.attempt)))
        return 'failed'
      }
    }
    await party.pause(Math.min(longestPauseMs, pauseMs * failures))
    if (lease.turn?.overtaken) return 'stored'
  }
}

/** A delay of 0 is not written: the broker takes none for it. */
function nak(afterMs: number): Uint8Array {
  const ms = Math.min(Math.ceil(afterMs), longestNakMs)
  return Buffer.from(ms > 0 ? `-NAK ${JSON.stringify({ delay: ms * 1_000_000 })}` : '-NAK')
}
