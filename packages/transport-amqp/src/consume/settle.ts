import type { Message, Verdict } from '@recordcast/transport'
import { TransportError } from '@recordcast/transport'
import { pauseAfterThrow } from '@recordcast/transport/consume'
import { copyMessage, shelve, unshelve } from '@recordcast/transport/driver'
import type { ConsumeMessage } from 'amqplib'
import type { Ground } from '../ground.js'
import type { Fate } from '../publish/fate.js'
import type { Lane } from '../publish/lane.js'
import type { Parcel } from '../publish/parcel.js'
import { declareShelf, type Lifetime } from '../queues/declare.js'
import { bufferOf, type Marks, marksOf, messageOf, propertiesOf } from '../wire.js'
import { stepFor } from './rungs.js'

/** What becomes of a delivery: nothing more, back into its queue at once, or a copy that must be stored before it is acked. */
export type Move = 'ack' | 'requeue' | { readonly copy: Parcel; readonly shelf: boolean }

/** Throws invalid-argument when the verdict's headers do not fit onto the message's own. */
export function moveFor(ground: Ground, queue: string, received: ConsumeMessage, verdict: Verdict): Move {
  if (verdict.do === 'ack') return 'ack'
  const marks = marksOf(received)
  const message = messageOf(received)
  switch (verdict.do) {
    case 'return':
      return putBack(ground, queue, message, marks, verdict)
    case 'retry': {
      const over = laidOver(ground, message, verdict.headers)
      return again(ground, queue, over, { hop: marks.hop, attempt: marks.attempt + 1, seen: true }, verdict.afterMs)
    }
    case 'park': {
      const parked = unshelve(laidOver(ground, message, verdict.headers))
      const parkedAt = new Date(ground.clock.now()).toISOString()
      const copy = shelve({ message: parked.message, why: verdict.why, attempt: marks.attempt, parkedAt })
      return { copy: parcelOf(ground.names.shelf(queue), copy), shelf: true }
    }
  }
}

/*
A message that is put back keeps its place, but the broker counts that like a delivery without a verdict, and writes it to the
log of a quorum queue, which cannot be cut before the message itself is gone. So it happens once: one that has been out
before goes as a copy, which carries the count that it shall have. A classic queue counts nothing.
*/
function putBack(
  ground: Ground,
  queue: string,
  message: Message,
  marks: Marks,
  { afterMs, unanswered = 0 }: Verdict & { do: 'return' },
): Move {
  const before = marks.unanswered ?? 0
  if (afterMs === 0 && before === 0 && unanswered === 0) return 'requeue'
  return again(ground, queue, message, { hop: marks.hop, attempt: marks.attempt, seen: true, unanswered }, afterMs)
}

/** A message that came before its time: on, for what is left. undefined when it is due. */
export function onward(ground: Ground, queue: string, received: ConsumeMessage, marks: Marks): Move | undefined {
  if (marks.dueAt === undefined) return undefined
  const left = marks.dueAt - ground.clock.now()
  return left > 0 ? again(ground, queue, messageOf(received), marks, left) : undefined
}

/** Puts the copy where it belongs. A shelf that is not there, because somebody deleted it, is made, and nothing put there while it is young. */
export async function store(ground: Ground, lane: Lane, queue: string, lifetime: Lifetime, move: Move): Promise<Fate> {
  if (typeof move === 'string') return 'stored'
  const shelf = ground.names.shelf(queue)
  if (move.shelf) await ground.young.grown(shelf)
  const fate = await lane.send(move.copy)
  if (fate !== 'gone' || !move.shelf) return fate
  try {
    if (await declareShelf(ground, queue, lifetime)) ground.young.made(shelf)
    await ground.young.grown(shelf)
  } catch (error) {
    return error instanceof TransportError ? error : new TransportError('not-confirmed', String(error))
  }
  return lane.send(move.copy)
}

function again(ground: Ground, queue: string, message: Message, before: Marks, afterMs: number): Move {
  const target = ground.names.queue(queue)
  const marks = { ...before, hop: before.hop + 1, dueAt: undefined }
  if (afterMs === 0) return { copy: parcelOf(target, message, marks), shelf: false }
  const { delayMs, more } = stepFor(ground.settings.rungs, afterMs)
  const dueAt = more ? ground.clock.now() + afterMs : undefined
  const { options, ...rest } = parcelOf(target, message, { ...marks, dueAt })
  const cc = { ...options, CC: [ground.names.sink] }
  return { copy: { ...rest, options: cc, exchange: ground.names.rung(delayMs) }, shelf: false }
}

function parcelOf(routingKey: string, message: Message, marks?: Marks): Parcel {
  return { exchange: '', routingKey, body: bufferOf(message), options: propertiesOf(message, marks) }
}

function laidOver(ground: Ground, message: Message, headers: Message['headers'] | undefined): Message {
  if (headers === undefined) return message
  const marks: [string, string][] = []
  const own: [string, string][] = []
  for (const entry of Object.entries(message.headers)) (entry[0].startsWith('rc-') ? marks : own).push(entry)
  // Checked as one message, because what is laid over it time and again would grow without end.
  const merged = { ...Object.fromEntries(own), ...headers }
  copyMessage({ id: message.id, body: new Uint8Array(), headers: merged }, ground.maxBodyBytes)
  return { ...message, headers: Object.freeze({ ...merged, ...Object.fromEntries(marks) }) }
}

/** What becomes of a message whose handler threw: again, counted, after a pause that keeps a broken handler from spinning. */
export function afterThrow({ message }: Error, attempt: number): Verdict {
  return { do: 'retry', afterMs: pauseAfterThrow(attempt), why: message }
}
