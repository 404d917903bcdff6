import { boards, encodeControl, type ListenerFact } from '@recordcast/protocol/control'
import { listenerAddress, queueOf } from '@recordcast/protocol/names'
import type { Broker } from 'recordcast'
import { inLanes } from './slow-link.js'

/** Listeners that stand on the board and are nowhere else: no queue, no process, and filters that no event of the scenarios satisfies. */
export interface Crowd {
  /** Bytes of all facts together. */
  readonly bytes: number
  /** Subscriptions that a source of things accepts. */
  readonly subscriptions: number
  /** Facts that nobody can read. */
  readonly poisoned: number
}

const heavyEvery = 1000
const attributes = ['a', 'b', 'c', 'n', '$before.a', '$before.n'] as const

/** Announces so many listeners, the poisoned ones among them. */
export async function announceCrowd({ transport }: Broker, count: number): Promise<Crowd> {
  const facts = Array.from({ length: count }, (_, n) => factOf(n))
  const bodies = new Map(facts.map((fact) => [`${fact.queue}/${fact.set}`, encodeControl(fact)]))
  const subscriptions = facts.reduce((sum, fact) => sum + fact.subscriptions.length, 0)
  const all = [...bodies]
  const poison = poisoned()
  for (const [index, one] of poison.entries()) all.splice(Math.floor((all.length * (index + 1)) / 6), 0, one)
  await inLanes(500, all.length, async (number) => {
    const [key, body] = all[number]!
    const message = { id: `crowd-${number}`, body, headers: { 'content-type': 'application/json' } }
    await transport.announce(boards.listeners, key, message)
  })
  return { bytes: all.reduce((sum, [, body]) => sum + body.length, 0), subscriptions, poisoned: poison.length }
}

function factOf(n: number): ListenerFact {
  const service = `crowd-${n}`
  const set = `set-${n}`
  const heavy = n % heavyEvery === heavyEvery / 2
  const kinds = heavy ? Array.from({ length: 100 }, (_, kind) => `of-${n}-${kind}`) : ['changed', 'created']
  return {
    v: 1,
    kind: 'listener',
    service,
    listener: service,
    queue: queueOf(service),
    delivery: 'shared',
    set,
    generation: 1,
    address: listenerAddress(service, set),
    since: '2026-01-02T03:04:05.678Z',
    subscriptions: kinds.map((kind) => ({
      event: `thing.${kind}`,
      attributes: attributes.filter((_, index) => index === n % 6 || (n >> index) % 2 === 1).sort(),
      filter: filterOf(n),
      tenants: 'all',
    })),
  }
}

function filterOf(n: number): Record<string, unknown> {
  if (n % 4 === 0) return { b: [`only-${n}`], n: [{ numeric: ['>', n] }] }
  if (n % 4 === 1) return { c: [{ prefix: `only-${n}-` }] }
  if (n % 4 === 2) return { n: [{ numeric: ['>', n, '<=', n + 10] }] }
  return { a: [`only-${n}`, `also-${n}`], b: [{ 'anything-but': [`not-${n}`] }] }
}

/** One of each kind that readers set aside. */
function poisoned(): [key: string, body: Uint8Array][] {
  const fact = factOf(1)
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  return [
    ['poison/torn', bytes(JSON.stringify(fact).slice(0, -10))],
    ['poison/later', bytes(JSON.stringify({ ...fact, v: 99 }))],
    ['poison/foreign', encodeControl(fact)],
    ['poison/deep', bytes(`${'['.repeat(5000)}${']'.repeat(5000)}`)],
    ['poison/large', bytes(JSON.stringify({ ...fact, more: 'x'.repeat(100_000) }))],
  ]
}
