import type { Transport } from '@recordcast/transport'
import { afterAll, describe, expect, test } from 'vitest'
import { type Counters, missingFrom, sum } from './counters.js'
import { regressions } from './regressions.js'
import { type SimulationResult, simulate } from './simulate.js'
import type { Sabotage } from './world.js'

/** What to show of a seed that failed: `npm run sim -- --seeds 1 --from <seed>` shows the rest. */
const shown = ({ seed, violations, trace }: SimulationResult): string =>
  [`seed ${seed}`, ...violations, ...trace.slice(-40)].join('\n')

describe('500 seeds', () => {
  const block = 50
  const all: Counters[] = []
  let ran = 0

  for (let from = 1; from <= 500; from += block) {
    test(`from ${from}: nothing resolved is lost, nothing is foreign, and the rest of what is promised holds`, async () => {
      for (let seed = from; seed < from + block; seed++) {
        const result = await simulate(seed)
        all.push(result.counters)
        ran++
        expect(result.ok, shown(result)).toBe(true)
      }
    }, 60_000)
  }

  test('everything that makes the run worth something happened in it', () => {
    expect(ran).toBe(500)
    expect(missingFrom(sum(all))).toEqual([])
  })

  afterAll(() => {
    const total = [...sum(all)].sort(([a], [b]) => (a < b ? -1 : 1))
    console.log(`${ran} seeds: ${total.map(([counter, count]) => `${counter} ${count}`).join(', ')}`)
  })
})

for (const { seed, found } of regressions) {
  test(`seed ${seed} stays mended: ${found}`, async () => {
    const result = await simulate(seed)
    expect(result.ok, shown(result)).toBe(true)
  })
}

test('the same seed gives the same run, to the line', async () => {
  for (const seed of [3, 4, 5]) {
    const [one, other] = [await simulate(seed), await simulate(seed)]
    expect(other.trace).toEqual(one.trace)
    expect(other.counters).toEqual(one.counters)
    expect(one.trace.length).toBeGreaterThan(50)
  }
})

/** The violations of the first seeds under a sabotage, until one is found that says what is expected. */
async function caught(sabotage: Sabotage, expected: RegExp): Promise<string | undefined> {
  for (let seed = 1; seed <= 60; seed++) {
    const { violations } = await simulate(seed, { sabotage })
    const found = violations.find((violation) => expected.test(violation))
    if (found !== undefined) return found
  }
  return undefined
}

/** A transport with some verbs of its own; the rest is the real one's. */
const spoilt = (spoil: (inner: Transport) => Partial<Transport>) => (inner: Transport) =>
  Object.assign(Object.create(inner) as Transport, bound(inner), spoil(inner))

function bound(inner: Transport): Partial<Transport> {
  const verbs = ['publish', 'declare', 'consume', 'announce', 'watch', 'request', 'respond'] as const
  const rest = ['inspect', 'drop', 'listQueues', 'close'] as const
  const { name, traits } = inner
  const all = [...verbs, ...rest].map((verb) => [verb, (inner[verb] as () => unknown).bind(inner)])
  return { name, traits, ...Object.fromEntries(all) }
}

describe('the simulation notices', () => {
  test('a transport that confirms a message and drops it', async () => {
    let published = 0
    const transport = spoilt((inner) => ({
      publish: (queues, message) =>
        ++published % 10 === 0 ? Promise.resolve({ gone: [], failed: [] }) : inner.publish(queues, message),
    }))
    expect(await caught({ transport }, /^lost: /)).toBeDefined()
  })

  test('a consumer that acknowledges what its handler failed', async () => {
    const transport = spoilt((inner) => ({
      consume: (queue, options, handle) =>
        inner.consume(queue, options, async (delivery) => {
          const verdict = await handle(delivery)
          return verdict.do === 'retry' ? { do: 'ack' } : verdict
        }),
    }))
    expect(await caught({ transport }, /^lost: /)).toBeDefined()
  })

  test('a board that keeps a change from a watcher', async () => {
    const transport = spoilt((inner) => ({
      watch: (board, see, options) => {
        let synced = false
        return inner.watch(
          board,
          (change) => {
            if (synced && board === 'listeners' && change.type === 'fact') return
            if (change.type === 'synced') synced = true
            see(change)
          },
          options,
        )
      },
    }))
    expect(await caught({ transport }, /^lost: /)).toBeDefined()
  })

  test('an event in a queue that did not ask for it', async () => {
    const transport = spoilt((inner) => ({
      publish: (queues, message) => inner.publish([...queues, 'notifier', 'billing', 'search'], message),
    }))
    expect(await caught({ transport }, /excludes it|is excluded/)).toBeDefined()
  })

  test('an attribute that is not what it was', async () => {
    const handlerData = (data: Readonly<Record<string, unknown>>) => ({
      ...data,
      ...('title' in data && { title: 'another' }),
    })
    expect(await caught({ handlerData }, /title is "another"; right were/)).toBeDefined()
  })

  test('an attribute that is not there', async () => {
    const handlerData = ({ state, ...rest }: Readonly<Record<string, unknown>>) => rest
    expect(await caught({ handlerData }, /state is not there at all/)).toBeDefined()
  })

  test('messages that overtake each other', async () => {
    const transport = spoilt((inner) => {
      const held: Parameters<Transport['publish']>[] = []
      return {
        async publish(queues, message) {
          held.unshift([queues, message])
          if (held.length === 8) for (const each of held.splice(0)) await inner.publish(...each)
          return { gone: [], failed: [] }
        },
      }
    })
    expect(await caught({ transport }, /which was emitted before it/)).toBeDefined()
  })

  test('a transport that hands out a message once more after it was acknowledged, under another id', async () => {
    const transport = spoilt((inner) => ({
      consume: (queue, options, handle) =>
        inner.consume(queue, options, async (delivery) => {
          await handle(delivery)
          const text = new TextDecoder().decode(delivery.message.body).replace('"id":"', '"id":"again-')
          const message = { ...delivery.message, body: new TextEncoder().encode(text) }
          const { attempt, redelivered, signal } = delivery
          return handle({ attempt, redelivered, signal, message })
        }),
    }))
    expect(await caught({ transport }, /nobody emitted it/)).toBeDefined()
  })
})
