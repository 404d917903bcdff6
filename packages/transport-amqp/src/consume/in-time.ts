import type { Clock } from '@recordcast/transport'
import { Standstill } from '@recordcast/transport/standstill'
import type { ConsumeMessage } from 'amqplib'
import type { Opened } from '../link/channel.js'

/**
 * What hands a channel's messages on to `take`, in their order. To a process that stands still for longer than two heartbeats the broker
 * hangs up, and gives its messages to others; but what it had sent before is read first, and the end only after it. So
 * after a standstill messages wait until the channel has answered. If it has ended instead, they come too late, and `take` sees that.
 */
export function inTime(
  clock: Clock,
  opened: Opened,
  prefetch: number,
  take: (received: ConsumeMessage) => void,
): (received: ConsumeMessage | null) => void {
  const { heartbeatMs } = opened.line
  // The cheapest question: what it asks for is so already.
  const standstill = new Standstill(clock, () => opened.channel.prefetch(prefetch))
  const look = () => standstill.look(heartbeatMs / 2)
  let callOff = (): void => {}
  const tick = (): void => {
    if (heartbeatMs === 0) return
    callOff = clock.after(heartbeatMs / 4, () => {
      look()
      tick()
    })
  }
  tick()
  void opened.ended.then(() => callOff())
  return (received) => {
    // The broker's way to say that the queue has gone.
    if (received === null) void opened.close()
    else if (heartbeatMs === 0 || look() === undefined) take(received)
    else void late(received)
  }

  async function late(received: ConsumeMessage): Promise<void> {
    for (let doubt = look(); doubt !== undefined; doubt = look()) await doubt.over
    take(received)
  }
}
