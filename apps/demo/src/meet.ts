import type { Member } from './listeners/member.js'
import type { Source } from './sdk.js'

/** How a listener and the source came to know each other. */
export interface Meeting {
  readonly member: Member
  /** Milliseconds that the start took, of all instances. */
  readonly ms: number
  /** Subscriptions that a source on the board said yes to; none when no source was there to be asked. */
  readonly accepted: number
  readonly sources: readonly string[]
}

/** Starts a listener. */
export async function meet(member: Member): Promise<Meeting> {
  const from = performance.now()
  const answers = (await Promise.all(member.instances.map((listener) => listener.start()))).flat()
  const verdicts = answers.flatMap((answer) => answer.verdicts)
  return {
    member,
    ms: performance.now() - from,
    accepted: verdicts.filter(({ verdict }) => verdict === 'accepted').length,
    sources: [...new Set(answers.filter(({ answered }) => answered).map(({ service }) => service))],
  }
}

/** Starts the source. Gives the milliseconds that it took and how many subscriptions of each service it has taken in. */
export async function open(forge: Source): Promise<{ ms: number; taken: ReadonlyMap<string, number> }> {
  const from = performance.now()
  await forge.start()
  const ms = performance.now() - from
  const taken = new Map<string, number>()
  for (const { service } of forge.stats().listeners) taken.set(service, (taken.get(service) ?? 0) + 1)
  return { ms, taken }
}
