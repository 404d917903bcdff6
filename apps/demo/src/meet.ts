import type { Account, Company, Player } from './company/company.js'
import { sum } from './figures.js'
import type { Part } from './listeners/cast.js'

/** All instances of one listener. */
export interface Group {
  readonly service: string
  readonly players: readonly Player[]
}

/** How a listener and the source came to know each other. */
export interface Meeting {
  readonly service: string
  /** The processes that its instances run in, where that is not this one. */
  readonly pids: readonly number[]
  /** Milliseconds that the start took, of all instances. */
  readonly ms: number
  /** Subscriptions that a source on the board said yes to; none when no source was there to be asked. */
  readonly accepted: number
  readonly sources: readonly string[]
}

/** Brings in a listener; it is idle until somebody meets it. */
export function gather(company: Company, { service, instances }: Part): Group {
  return { service, players: Array.from({ length: instances }, () => company.player(service)) }
}

/** Starts a listener. */
export async function meet({ service, players }: Group): Promise<Meeting> {
  const all = await Promise.all(players.map((player) => player.start()))
  return {
    service,
    pids: all.flatMap(({ pid }) => pid ?? []),
    ms: Math.max(...all.map(({ ms }) => ms)),
    accepted: sum(all, ({ accepted }) => accepted),
    sources: [...new Set(all.flatMap(({ sources }) => sources))],
  }
}

/** What the instances of a listener say together. */
export async function question({ players }: Group): Promise<Account> {
  const all = await Promise.all(players.map((player) => player.account()))
  const results = all.map(({ result }, index) => (all.length === 1 ? result : `${result} (instance ${index + 1})`))
  return {
    ...all[0]!,
    result: results.join(', '),
    handled: sum(all, ({ handled }) => handled),
    bytes: sum(all, ({ bytes }) => bytes),
  }
}
