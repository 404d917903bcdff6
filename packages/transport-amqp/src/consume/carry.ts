import type { Turn } from '@recordcast/transport/twins'
import type { ConsumeMessage } from 'amqplib'
import type { Ground } from '../ground.js'
import type { Opened } from '../link/channel.js'
import type { Lane } from '../publish/lane.js'
import type { Lifetime } from '../queues/declare.js'
import { backoffMs, pause } from '../time.js'
import type { Acks } from './acks.js'
import { type Move, store } from './settle.js'

export interface Carriage {
  readonly ground: Ground
  readonly lane: Lane
  readonly queue: string
  readonly lifetime: Lifetime
  readonly opened: Opened
  readonly acks: Acks
  readonly received: ConsumeMessage
  readonly move: Move
  readonly turn: Turn
  /** Aborted when the consumer is to stop: then nothing is waited for. */
  readonly halt: AbortSignal
  readonly tell: (error: Error) => void
}

const pauses = { minMs: 250, maxMs: 5000 }
// A link that broke is back by then; what still fails is worth telling.
const tellAfter = 3
// A shelf lives on one node, which after a crash takes longer to bring it back than to hand messages out.
const parkingMs = 30_000

/**
 * Carries out what a verdict asks for: store the copy, have it confirmed, and only then let go of the original. While a
 * retry cannot be stored the original is held and storing it tried again: putting it back would bring it before its
 * time. One that cannot be parked is put back after half a minute: sooner, it would be handled over and over while a
 * broker starts. If the channel goes, the broker has put it back already.
 *
 * Resolves with whether a copy was stored.
 */
export async function carry(carriage: Carriage): Promise<boolean> {
  const { ground, lane, queue, lifetime, opened, acks, received, move, turn, halt, tell } = carriage
  const patientUntil = parks(move) ? ground.clock.now() + parkingMs : Number.POSITIVE_INFINITY
  for (let failures = 0; !opened.closed; failures++) {
    if (turn.overtaken) {
      acks.ack(received)
      return false
    }
    if (move === 'requeue') {
      acks.putBack(received)
      return false
    }
    const fate = await store(ground, lane, queue, lifetime, move)
    if (fate === 'stored' || (fate === 'gone' && ownQueue(move))) {
      // Gone: the queue that it came from was dropped meanwhile, and the original with it.
      if (!opened.closed) acks.ack(received)
      return fate === 'stored' && typeof move === 'object'
    }
    if (fate === 'gone') lane.standing.renew()
    else if (!opened.closed && failures === tellAfter) tell(fate)
    await pause(ground.clock, backoffMs(pauses, failures), halt)
    if (halt.aborted || ground.clock.now() >= patientUntil) {
      if (!opened.closed) acks.putBack(received)
      return false
    }
  }
  return false
}

function parks(move: Move): boolean {
  return typeof move === 'object' && move.shelf
}

/** Whether the copy goes straight back to the queue; one for a rung that is gone has to wait for the rung. */
function ownQueue(move: Move): boolean {
  return typeof move === 'object' && !move.shelf && move.copy.exchange === ''
}
