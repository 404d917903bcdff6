import { protocolVersion, type SourceFact } from '@recordcast/protocol/control'
import type { Difference } from '@recordcast/registry/operator'
import type { Context } from './parts/context.js'
import type { Shape } from './shapes/index.js'

type LiveEvent = Shape<'liveEvent'>
type See = (event: LiveEvent) => void

/*
One feed for all who follow. It watches the boards and asks every source for its decisions, once a second, from the first follower's coming to the last one's going. A
source's log is first read to its end, so that followers are told what happens from then on.
*/
export interface Feed {
  add(see: See, signal: AbortSignal): void
  tell(event: LiveEvent): void
}

const pageSize = 200
const mostPages = 50

export function createFeed(context: Context, everyMs = 1000): Feed {
  const { registry, broker, asker } = context
  const { clock, logger } = broker
  const followers = new Set<See>()
  let stop: (() => void) | undefined
  const now = (): string => new Date(clock.now()).toISOString()

  const tell = (event: LiveEvent): void => {
    for (const see of [...followers]) {
      try {
        see(event)
      } catch (error) {
        logger.warn({ error }, 'Somebody who follows the bus has thrown')
      }
    }
  }
  const start = (): (() => void) => {
    const marks = new Map<string, number>()
    const silent = new Set<string>()
    let over = false
    let callOff = (): void => undefined

    const askOne = async (key: string, { address, service, instance }: SourceFact): Promise<void> => {
      const first = !marks.has(key)
      for (let page = 0; page < mostPages && !over; page++) {
        const after = marks.get(key)
        const { value, problem } = await asker.ask(address, {
          ...{ v: protocolVersion, kind: 'decisions', limit: pageSize },
          ...(after !== undefined && { after }),
        })
        if (over) return
        if (problem !== undefined) {
          if (!silent.has(key)) tell({ type: 'silent', at: now(), service, instance, problem })
          silent.add(key)
          return
        }
        silent.delete(key)
        marks.set(key, value.next)
        const { decisions, sample } = value
        if (!first) for (const decision of decisions) tell({ type: 'decision', service, instance, decision, sample })
        if (decisions.length < pageSize) return
      }
    }
    const round = async (): Promise<void> => {
      const { sources } = registry.snapshot()
      for (const key of marks.keys()) if (!sources.has(key)) marks.delete(key)
      await Promise.all([...sources].map(([key, fact]) => askOne(key, fact)))
      if (!over) callOff = clock.after(everyMs, () => void round())
    }
    const unsee = registry.onChange((difference) => {
      for (const event of changesOf(difference, now())) tell(event)
    })
    void round()
    return () => {
      over = true
      callOff()
      unsee()
    }
  }

  return {
    tell,
    add(see, signal) {
      if (signal.aborted) return
      const own: See = (event) => see(event)
      followers.add(own)
      stop ??= start()
      signal.addEventListener('abort', () => {
        followers.delete(own)
        if (followers.size > 0) return
        stop?.()
        stop = undefined
      })
    },
  }
}

function changesOf({ before, after, listeners, sources, pauses }: Difference, at: string): LiveEvent[] {
  const change = (had: boolean, has: boolean) => (had ? (has ? 'changed' : 'went') : 'came')
  const name = (key: string): string => (after.listeners.get(key) ?? before.listeners.get(key))?.listener ?? key
  return [
    ...[...listeners].map((key) => ({
      ...{ type: 'listener' as const, at, key, name: name(key) },
      change: change(before.listeners.has(key), after.listeners.has(key)) as 'came' | 'changed' | 'went',
    })),
    ...[...sources].map((key) => ({
      ...{
        type: 'source' as const,
        at,
        key,
        name: (after.sources.get(key) ?? before.sources.get(key))?.service ?? key,
      },
      change: change(before.sources.has(key), after.sources.has(key)) as 'came' | 'changed' | 'went',
    })),
    ...[...pauses].map((key) => ({
      ...{ type: 'pause' as const, at, key, name: key },
      change: change(before.pauses.has(key), after.pauses.has(key)) as 'came' | 'changed' | 'went',
    })),
  ]
}
