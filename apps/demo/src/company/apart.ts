import type { Seen } from '../ledger.js'
import { type Child, startChild } from './child.js'
import type { Account, Company, Opened, Replayer, Started } from './company.js'
import { replayerRole, type Welcome } from './enter.js'
import { createPlayer } from './player.js'
import type { CompanyOptions } from './together.js'

/** Everybody in a process of their own. `broker` is this process's own connection, for what the dead leave behind. */
export function gatherApart({ broker, ledger, welcome }: CompanyOptions & { readonly welcome: Welcome }): Company {
  const children: Child[] = []
  const lostPlayers: string[] = []
  const lost = new AbortController()
  const verbs = new Map<string, (input: never) => unknown>([
    ['see', ({ service, event }: { service: string; event: Seen }) => ledger.see(service, event)],
    ['expect', ({ id, bytes }: { id: string; bytes: number }) => ledger.expect(id, bytes)],
  ])

  const bring = (role: string) => {
    const onLost = (error: Error): void => {
      if (role !== replayerRole) lostPlayers.push(role)
      lost.abort(error)
    }
    const child = startChild({ role, verbs, onLost })
    children.push(child)
    const entered = child.ask('enter', welcome)
    entered.catch(() => undefined)
    return {
      pid: child.pid,
      async ask<T>(verb: string, input?: unknown): Promise<T> {
        await entered
        return child.ask<T>(verb, input)
      },
    }
  }
  const bringReplayer = (): Replayer => {
    const { pid, ask } = bring(replayerRole)
    return {
      start: async () => ({ pid, ...(await ask<Opened>('start')) }),
      play: (stretch) => ask('play', stretch),
      halt: () => ask('halt'),
      leave: () => ask('leave'),
      account: () => ask('account'),
    }
  }
  return {
    replayer: bringReplayer(),
    player(service) {
      const { pid, ask } = bring(service)
      return {
        start: async () => ({ pid, ...(await ask<Started>('start')) }),
        leave: () => ask('leave'),
        account: () => ask<Account>('account'),
      }
    },
    lost: lost.signal,
    async close() {
      await Promise.all(children.map((child) => child.dismiss()))
      for (const service of lostPlayers.splice(0)) {
        const heir = createPlayer(service, { broker, see: () => undefined })
        await heir.leave().catch(() => undefined)
      }
    },
  }
}
