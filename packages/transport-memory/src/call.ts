import { TransportError } from '@recordcast/transport'
import type { CrashPoint } from './faults.js'
import type { Ground } from './ground.js'
import type { Party } from './party.js'

/**
 * One call of a party, carried to the bus in a later tick and in the order of calling. The party may be dead before it
 * arrives or before the reply does: then the call never settles. A call that was under way when the links broke fails
 * without having been carried out. `act` may promise its reply; then it says itself when the crash point 'after' is.
 */
export function call<T>(
  ground: Ground,
  party: Party,
  verb: CrashPoint['verb'],
  name: string,
  act: () => T | Promise<T>,
): Promise<T> {
  if (party.state === 'closing' || party.state === 'closed') return Promise.reject(closed())
  return new Promise((resolve, reject) => {
    ground.crash(party, verb, 'before', name)
    if (party.state === 'killed') return
    const { epoch } = ground
    party.begin()
    ground.turns.soon(() => {
      try {
        if (isDead(party)) return
        if (epoch !== ground.epoch) throw lost()
        const reply = act()
        if (!(reply instanceof Promise)) ground.crash(party, verb, 'after', name)
        if (!isDead(party)) resolve(reply)
      } catch (error) {
        if (!isDead(party)) reject(error)
      } finally {
        party.done()
      }
    })
  })
}

export function closed(): TransportError {
  return new TransportError('transport-closed', 'The transport was closed; nothing was done.')
}

export function lost(): TransportError {
  return new TransportError('connection-lost', 'The link to the bus broke.')
}

// A function, because a crash point changes the state under the compiler's nose.
function isDead(party: Party): boolean {
  return party.state === 'killed'
}
