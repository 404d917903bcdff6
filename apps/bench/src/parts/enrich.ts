import { setTimeout as pause } from 'node:timers/promises'
import { createListener, createSource, defineRecord } from 'recordcast'
import { z } from 'zod'
import { openQuietBus } from '../embedded/quiet-bus.js'
import type { Measure, Part, PartOptions } from '../measure.js'

/** What three links of an event cost when 50 listeners want them: loaded by the source for all, beside each listener calling back. */
export const enrich: Part = {
  name: 'enrich',
  what: '1,000 events in flight, 50 listeners, 3 links, beside each listener calling back',
  async *measures(options) {
    yield await against(100, [{ of: 'ratio', atLeast: 20 }], options)
    yield await against(Number.POSITIVE_INFINITY, [], options)
  },
}

const links = ['author', 'repository', 'milestone'] as const
type Link = (typeof links)[number]
const loaderMs = 2
const linked = z.object({ name: z.string() }).optional()
const issue = defineRecord(
  'issue',
  z.object({ title: z.string(), author: linked, repository: linked, milestone: linked }),
)

/**
 * Ours is the whole way from the emits to the bodies; theirs only the calls, without events or handlers.
 *
 * @param most calls of the listeners that the owner of the records works on at once, as a pool of connections does; the source's own
 *   loaders make four at most
 */
async function against(most: number, bars: Measure['bars'], { quick }: PartOptions): Promise<Measure> {
  const events = quick ? 100 : 1000
  const listenerCount = 50
  const calls = { ours: 0, keys: 0, theirs: 0 }
  const { broker } = await openQuietBus()
  const linkOf = (name: Link) => ({
    key: (facts: Readonly<Record<string, unknown>>) => facts[`${name}Id`],
    async load(ids: readonly string[]) {
      calls.ours++
      calls.keys += ids.length
      await pause(loaderMs)
      return ids.map((id) => ({ name: `${name} ${id}` }))
    },
  })
  const source = createSource({
    service: 'forge',
    broker,
    records: [{ type: issue, links: Object.fromEntries(links.map((name) => [name, linkOf(name)])) }],
  })
  await source.start()
  const listeners = Array.from({ length: listenerCount }, (_, index) =>
    createListener({ service: `listener-${index}`, broker }).on(
      issue.changed,
      { attributes: ['title', ...links.map((name) => `${name}.name` as const)] },
      () => undefined,
    ),
  )
  await Promise.all(listeners.map((listener) => listener.start()))
  const callBack = async (name: Link, id: string): Promise<{ name: string }> => {
    calls.theirs++
    await pause(loaderMs)
    return { name: `${name} ${id}` }
  }
  let runs = 0
  return {
    name: `enrich, ${events} events × 50 listeners × 3 links, ${Number.isFinite(most) ? `${most} calls` : 'any number of calls'} at once`,
    against: 'each listener calls back',
    unit: 'ms',
    better: 'lower',
    bars,
    ours: async () => {
      // Other keys in each run.
      const first = events * runs++
      const began = performance.now()
      await Promise.all(
        Array.from({ length: events }, (_, index) => {
          const id = `${first + index}`
          const after = { title: `Issue ${id}`, authorId: id, repositoryId: id, milestoneId: id }
          return source.emit(issue.changed, { id, after })
        }),
      )
      return performance.now() - began
    },
    theirs: async () => {
      const began = performance.now()
      let next = 0
      const all = events * listenerCount * links.length
      const worker = async (): Promise<void> => {
        while (next < all) {
          const at = next++
          await callBack(links[at % links.length]!, `${at}`)
        }
      }
      await Promise.all(Array.from({ length: Math.min(most, all) }, worker))
      return performance.now() - began
    },
    end: async () => {
      await Promise.all(listeners.map((listener) => listener.unsubscribe()))
      await source.stop()
      await broker.close()
    },
    also: () => ({
      'loader calls a run': calls.ours / runs,
      'keys a run': calls.keys / runs,
      'calls of theirs a run': calls.theirs / runs,
      'times fewer': calls.theirs / calls.ours,
    }),
  }
}
