import type { ListenerFact } from '@recordcast/protocol/control'
import type { Problem } from '@recordcast/protocol/errors'
import { announceListener, listenerKey } from '@recordcast/registry'
import type { Settings } from './check-options.js'
import { toFailure } from './failure.js'
import type { Registry } from './neighbours.js'
import { askVerdict, refusalsIn } from './verdicts.js'

/*
Keeps a started listener on the board.

Whenever its fact does not stand there (somebody took it away, the board was lost, another release thought it dead) it is put back, and
a second later it looks again. It looks once at its own start too, for something may have happened between the replay and then. A
watched board never misses a removal, so the coming of a source needs no look of its own: the fact is on its way back already.

A source that appears is asked for its verdict; a refusal this late cannot fail start() any more, so it is logged and kept for stats().
*/
export interface Presence {
  refusals(): readonly { service: string; instance: string; reasons: readonly Problem[] }[]
  /** Puts nothing back from the moment of the call; resolves when what is under way has ended. */
  stop(): Promise<void>
}

const retryMs = 1000

export function keepPresence(settings: Settings, registry: Registry, fact: ListenerFact): Presence {
  const { transport, clock, logger } = settings.broker
  const key = listenerKey(fact)
  const refusals = new Map<string, { service: string; instance: string; reasons: readonly Problem[] }>()
  const underWay = new Set<Promise<void>>()
  let putting = false
  let stopped = false
  let callOff = (): void => undefined

  function track(work: Promise<void>): void {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  }

  function look(): void {
    if (stopped || putting || registry.snapshot().listeners.has(key)) return
    putting = true
    track(putBack())
  }

  async function putBack(): Promise<void> {
    try {
      await announceListener(transport, fact)
      logger.info({ listener: fact.listener, key }, 'The announcement of this listener was gone and has been put back')
    } catch (error) {
      const details = { listener: fact.listener, key, ...toFailure(error) }
      logger.warn(details, 'The announcement of this listener is gone and could not be put back yet')
    } finally {
      putting = false
    }
    if (stopped || registry.snapshot().listeners.has(key)) return
    callOff()
    callOff = clock.after(retryMs, look)
  }

  async function askSource(sourceKey: string): Promise<void> {
    const source = registry.snapshot().sources.get(sourceKey)
    if (source === undefined) return
    const answer = await askVerdict(source, { transport, logger, fact, timeoutMs: settings.askTimeoutMs })
    const reasons = refusalsIn(answer)
    if (answer.answered) refusals.delete(sourceKey)
    if (reasons.length === 0 || stopped) return
    refusals.set(sourceKey, { service: source.service, instance: source.instance, reasons })
    const details = { listener: fact.listener, source: source.service, instance: source.instance, reasons }
    logger.error(details, 'A source that has come refuses subscriptions of this listener')
  }

  const unsee = registry.onChange(({ sources, listeners, after }) => {
    for (const sourceKey of sources) {
      if (after.sources.has(sourceKey)) track(askSource(sourceKey))
      else refusals.delete(sourceKey)
    }
    if (listeners.has(key)) look()
  })
  look()

  return {
    refusals: () => [...refusals.values()],
    async stop() {
      stopped = true
      unsee()
      callOff()
      await Promise.all(underWay)
    },
  }
}
