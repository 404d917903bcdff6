import type { QueueReport } from '@recordcast/transport'
import type { Broker, Listener } from 'recordcast'
import { waitUntil } from '../brokers/wait-until.js'

/**
 * Has the last listener of a queue handle what is in it, until nothing is left: not in the hands either of a process that was killed, which
 * RabbitMQ shows nobody; only when it counts no consumer any more has it noticed the death. Then ends the subscription.
 *
 * @throws Error if something stays or was parked
 */
export async function endAtRest(listener: Listener, { transport }: Broker, queue: string): Promise<void> {
  const look = async (): Promise<QueueReport> => {
    const report = await transport.inspect(queue)
    if (report === undefined) throw new Error(`The queue ${queue} is gone`)
    return report
  }
  const until = (what: string, holds: (report: QueueReport) => boolean) =>
    waitUntil(async () => holds(await look()), { what: `${queue} ${what}`, timeoutMs: 30_000 })
  for (let left = true; left; ) {
    await until('to be empty', ({ ready, unsettled }) => ready + unsettled === 0)
    await listener.stop()
    await until("to be in nobody's hands", ({ attended, unsettled }) => !attended && unsettled === 0)
    left = (await look()).ready > 0
    if (left) await listener.start()
  }
  const { parked } = await look()
  if (parked !== 0) throw new Error(`${queue}: ${parked} events were parked`)
  await listener.unsubscribe()
}
