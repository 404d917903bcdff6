import { openSide } from './open-side.js'
import type { Answer, Figures, Order, SideSpec } from './spec.js'

/** What stands between a side and who tells it what to do; `process` has it in a process that was forked. */
export interface Channel {
  send?(answer: Answer): unknown
  on(event: 'message', hear: (order: Order) => void): unknown
}

/** Opens a side, says when it is open, and does what it is told, one thing after the other. */
export async function serveSide(spec: SideSpec, channel: Channel): Promise<void> {
  const answer = async (work: Promise<Figures>): Promise<void> => {
    const failed = (error: unknown): Answer => ({ failure: error instanceof Error ? error.message : String(error) })
    channel.send?.(await work.then((figures): Answer => ({ figures }), failed))
  }
  const opening = openSide(spec)
  await answer(opening.then(() => ({})))
  channel.on('message', (order) => void answer(opening.then((carryOut) => carryOut(order))))
}
