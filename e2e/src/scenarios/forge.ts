import { createSource, defineRecord } from 'recordcast'
import { z } from 'zod'

/** The records that the scenarios speak of. */
const user = defineRecord('user', z.object({ login: z.string(), mail: z.string() }))
export const issue = defineRecord(
  'issue',
  z.object({
    title: z.string(),
    state: z.enum(['open', 'closed']),
    author: z.object({ login: z.string(), mail: z.string() }),
  }),
)

type Broker = Parameters<typeof createSource>[0]['broker']

export interface ForgeOptions {
  readonly service?: string
  /** Called before each load; what it throws fails the load. */
  readonly beforeLoad?: () => void
}

/** A source of issues whose authors are loaded: user 1 is "user-1". */
export function forge(broker: Broker, { service = 'forge', beforeLoad = () => undefined }: ForgeOptions = {}) {
  return createSource({
    service,
    broker,
    records: [
      {
        type: issue,
        links: {
          author: {
            type: user,
            key: (facts) => facts.authorId,
            load: async (keys) => {
              beforeLoad()
              return keys.map((key) => ({ login: `user-${key}`, mail: `${key}@example.org` }))
            },
          },
        },
      },
      { type: user },
    ],
  })
}

/** Facts of an issue that was closed. */
export function closing(id: string, title = 'It rains in') {
  const before = { title, state: 'open' as const, authorId: '1' }
  return { id, before, after: { ...before, state: 'closed' as const } }
}

/** Gathers what comes and resolves waits for a number of things. */
export function gather<T>() {
  const items: T[] = []
  let waiting: { readonly count: number; readonly resolve: () => void }[] = []
  return {
    items,
    add(item: T) {
      items.push(item)
      const due = waiting.filter(({ count }) => items.length >= count)
      waiting = waiting.filter((each) => !due.includes(each))
      for (const { resolve } of due) resolve()
    },
    /** Resolves with the items once there are at least so many. */
    async until(count: number): Promise<T[]> {
      if (items.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }))
      return items
    },
  }
}

/** Ends what a test has begun, latest first. */
export function cleanups() {
  const steps: (() => Promise<unknown>)[] = []
  return {
    add: (step: () => Promise<unknown>) => void steps.push(step),
    async run() {
      for (const step of steps.splice(0).reverse()) await step()
    },
  }
}
