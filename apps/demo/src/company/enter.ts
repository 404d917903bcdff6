import { once } from 'node:events'
import { connect } from 'recordcast'
import type { Seen } from '../ledger.js'
import { openLine, type Port } from './line.js'
import { createPlayer } from './player.js'
import { createReplayer } from './replayer.js'

/** The role of the process that has the source; the others are called as their listeners are. */
export const replayerRole = 'forge'

/** What a process of the demo is told first. */
export interface Welcome {
  readonly broker: string
  readonly namespace: string
  /** How many payloads are replayed; absent: all. */
  readonly payloads?: number
}

/**
 * Plays a role for the process that forked this one. Resolves when that has let go of it, or has died: either way everything that was begun
 * has been taken back by then.
 */
export async function enter(role: string, port: NodeJS.EventEmitter & Port): Promise<void> {
  const released = once(port, 'disconnect')
  let entering: Promise<() => Promise<void>> | undefined
  const verbs = new Map<string, (input: never) => unknown>()
  const line = openLine(port, verbs)

  const join = async ({ broker: url, namespace, ...options }: Welcome): Promise<() => Promise<void>> => {
    const broker = await connect(url, { namespace })
    const see = (service: string, { id, type, record, data }: Seen): void => {
      line.ask('see', { service, event: { id, type, record, data } }).catch(() => undefined)
    }
    const expect = (id: string, bytes: number): Promise<unknown> => line.ask('expect', { id, bytes })
    const playing =
      role === replayerRole ? createReplayer({ broker, expect, ...options }) : createPlayer(role, { broker, see })
    let left: Promise<void> | undefined
    const leave = (): Promise<void> => {
      left ??= playing.leave().finally(() => broker.close())
      return left
    }
    for (const [verb, run] of Object.entries({ ...playing, leave })) verbs.set(verb, run)
    return leave
  }
  verbs.set('enter', async (welcome: Welcome) => {
    entering = join(welcome)
    await entering
  })

  await released
  line.cut(new Error('nobody is there any more'))
  const leave = await entering?.catch(() => undefined)
  await leave?.()
}
