import type { Message, Transport, Verdict } from '@recordcast/transport'

/**
 * What becomes of a control message. 'drop': lost; a change comes after a second all the same, as a broker's client
 * lists again, a question or answer never. 'duplicate': comes twice. 'reorder': held for up to 50 ms at random, so that
 * later ones overtake it. undefined: nothing.
 */
export type ControlFate = 'drop' | 'duplicate' | 'reorder' | { readonly delayMs: number } | undefined

/**
 * What becomes of a copy that is published or parked. 'refuse': not stored, reported as not-confirmed. 'unconfirmed':
 * stored, and reported as not-confirmed all the same. With `confirmAfterMs` the confirm is late. undefined: nothing.
 */
export type PublishFate = 'refuse' | 'unconfirmed' | { readonly confirmAfterMs: number } | undefined

/** A moment between two awaits of a party. */
export interface CrashPoint {
  readonly transport: Transport
  /** The verb that was called; 'deliver' around the call of a handler, 'verdict' around what came of it. */
  readonly verb: Verb
  /** 'before': nothing has happened yet. 'after': the bus has done it, the party has not heard. */
  readonly when: 'before' | 'after'
  /** The queue, board or address; for publish the message id; '' where there is none. */
  readonly name: string
}

export type Verb =
  | Exclude<keyof Transport, 'name' | 'traits'>
  | 'deliver'
  | 'verdict'
  // of what consume, watch or respond began; the name is that of the queue, board or address
  | 'stop'

/**
 * The ways to disturb a bus, each a function that may be set and unset at any time. They are asked in a fixed order,
 * so a run whose clock, randomness and hooks are deterministic is deterministic. Names are without the namespace.
 */
export interface Faults {
  /** Called at every crash point; `bus.kill(point.transport)` in here ends the party right there. */
  crashPoint?: ((point: CrashPoint) => void) | undefined
  /** Asked once a queue for each copy published, and for the shelf when a message is parked. */
  publish?: ((queue: string, message: Message) => PublishFate) | undefined
  /** 'duplicate': the queue holds a second copy from now on. */
  delivery?: ((queue: string, message: Message) => 'duplicate' | undefined) | undefined
  /** 'lost': the bus does not hear the verdict, and delivers the message again. */
  verdict?: ((queue: string, message: Message, verdict: Verdict) => 'lost' | undefined) | undefined
  /** Asked once a watcher for each change after its 'synced'. */
  change?: ((board: string, key: string) => ControlFate) | undefined
  /** Asked for the way there and for the way back. */
  request?: ((address: string, leg: 'question' | 'answer') => ControlFate) | undefined
}

const relistAfterMs = 1000
const reorderWithinMs = 50

/** How long a control message is held: undefined for one that comes at once, 'never' for one that is lost for good. */
export function heldFor(
  fate: ControlFate,
  random: () => number,
  lost: 'relist' | 'never',
): number | 'never' | undefined {
  if (fate === undefined || fate === 'duplicate') return undefined
  if (fate === 'drop') return lost === 'never' ? 'never' : relistAfterMs
  return fate === 'reorder' ? random() * reorderWithinMs : fate.delayMs
}
