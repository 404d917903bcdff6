import type { ListenerFact } from '@recordcast/protocol/control'
import { RecordcastError } from '@recordcast/protocol/errors'
import { listenerAddress } from '@recordcast/protocol/names'
import { ask, withdrawListener } from '@recordcast/registry'
import type { Settings } from './check-options.js'
import { toFailure } from './failure.js'
import type { Neighbours } from './neighbours.js'

/*
The end of a rolling deploy.

While facts of other sets stand on this queue their instances are asked, at once and then every ten seconds, whether anybody is there.
If twice in a row nobody is, the fact is taken away: its last instance has gone. An answer, or any other failure than nobody-there, starts
the count anew. An instance that comes back in the very moment finds its fact gone and puts it back (presence.ts).

A queue has rivals only while this release stands too, so the queue is never left without a fact.
*/
export interface Rivals {
  /** To be called when the neighbours may have changed. */
  look(): void
  stop(): Promise<void>
}

const everyMs = 10_000
const patience = 2

export function watchRivals(settings: Settings, own: ListenerFact, neighbours: () => Neighbours): Rivals {
  const { transport, clock, logger } = settings.broker
  const silent = new Map<string, number>()
  let round: Promise<void> | undefined
  let callOff: (() => void) | undefined
  let stopped = false

  function look(): void {
    if (stopped || round !== undefined || callOff !== undefined || neighbours().sets.size === 0) return
    round = askAll().finally(() => {
      round = undefined
      if (stopped || neighbours().sets.size === 0) return
      callOff = clock.after(everyMs, () => {
        callOff = undefined
        look()
      })
    })
  }

  async function askAll(): Promise<void> {
    const { sets, standing } = neighbours()
    for (const set of silent.keys()) if (!sets.has(set)) silent.delete(set)
    const foreign = new Set(standing.filter((fact) => fact.service !== own.service).map((fact) => fact.set))
    await Promise.all([...sets].filter((set) => !foreign.has(set)).map(askOne))
  }

  async function askOne(set: string): Promise<void> {
    const { queue, listener } = own
    const times = (await isSilent(settings, queue, set)) ? (silent.get(set) ?? 0) + 1 : 0
    silent.set(set, times)
    if (times < patience || stopped) return
    try {
      await withdrawListener(transport, { queue, set })
      logger.info(
        { listener, set },
        'Took away the announcement of a release of this listener that has no instance any more',
      )
    } catch (error) {
      logger.warn(
        { listener, set, ...toFailure(error) },
        'Could not take away the announcement of a release that is gone',
      )
    }
  }

  return {
    look,
    async stop() {
      stopped = true
      callOff?.()
      await round
    },
  }
}

/** Whether an instance of a set says that it has started; one that is starting may yet be refused. */
export async function isStarted(settings: Settings, queue: string, set: string): Promise<boolean> {
  try {
    const { transport } = settings.broker
    const answer = await ask(transport, listenerAddress(queue, set), { v: 1, kind: 'alive' }, settings.askTimeoutMs)
    return answer.started !== false
  } catch {
    return false
  }
}

/** Whether nobody stands at the address of a set. A slow or confused answer is an answer. */
export async function isSilent(settings: Settings, queue: string, set: string): Promise<boolean> {
  try {
    await ask(settings.broker.transport, listenerAddress(queue, set), { v: 1, kind: 'alive' }, settings.askTimeoutMs)
    return false
  } catch (error) {
    return error instanceof RecordcastError && (error.code as string) === 'nobody-there'
  }
}
