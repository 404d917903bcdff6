import { partNamed } from '../listeners/cast.js'
import type { Stage } from '../listeners/member.js'
import type { Player } from './company.js'

/** A listener of the demo in this process. */
export function createPlayer(name: string, stage: Stage): Player {
  const { service, purpose, listener, asks, result } = partNamed(name).create(stage)
  return {
    async start() {
      const from = performance.now()
      const answers = await listener.start()
      const ms = performance.now() - from
      const verdicts = answers.flatMap((answer) => answer.verdicts)
      return {
        ms,
        accepted: verdicts.filter(({ verdict }) => verdict === 'accepted').length,
        sources: answers.filter(({ answered }) => answered).map((answer) => answer.service),
      }
    },
    leave: () => listener.unsubscribe(),
    async account() {
      const { handled, bytesReceived: bytes } = listener.stats()
      const attributes = new Set(asks.flatMap((each) => Object.values(each))).size
      return { service, purpose, result: result(), attributes, handled, bytes }
    },
  }
}
