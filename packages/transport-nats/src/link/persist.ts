import type { TransportError } from '@recordcast/transport'
import type { Party } from '../party.js'
import { unconfirmed } from './errors.js'

const shortestMs = 50
const longestMs = 5000

/**
 * Tries until `act` says true, with growing pauses; gives up when it is not wanted any more or the link is down, for a link that
 * comes back begins anew. What stands in the way is told once each time that it changes.
 */
export async function persist(
  party: Party,
  what: string,
  wanted: () => boolean,
  act: () => Promise<boolean>,
  tell: (error: TransportError) => void,
): Promise<void> {
  let told = ''
  for (let pauseMs = shortestMs; wanted() && party.link.up; pauseMs = Math.min(longestMs, pauseMs * 2)) {
    try {
      if (await act()) return
    } catch (thrown) {
      const error = unconfirmed(thrown, what, party.settings.scrub)
      if (wanted() && error.message !== told && error.code !== 'connection-lost') tell(error)
      told = error.message
    }
    await party.pause(pauseMs * (0.5 + Math.random()))
  }
}
