import type { Verdict } from '@recordcast/transport'
import { pauseAfterThrow } from '@recordcast/transport/consume'
import { checkVerdict, type Handle } from '@recordcast/transport/driver'
import { asError } from '../link/errors.js'
import type { Lease } from './lease.js'
import type { Bench } from './settle.js'

/**
 * The handler's verdict. A throw is told and becomes a retry: counted, and paused so that a broken handler does not spin.
 * Undefined when the delivery is no longer ours.
 */
export async function judge(bench: Bench, lease: Lease, handle: Handle): Promise<Verdict | undefined> {
  try {
    const verdict = checkVerdict(await handle(lease.delivery))
    return bench.holds(lease) ? verdict : undefined
  } catch (thrown) {
    if (!bench.holds(lease)) return undefined
    const error = asError(thrown)
    bench.party.tell(bench.onError, error)
    return { do: 'retry', afterMs: pauseAfterThrow(lease.delivery.attempt), why: error.message }
  }
}
