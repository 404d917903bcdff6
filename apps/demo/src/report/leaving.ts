import { cut, number, type Out } from './out.js'

/** What the demo leaves on a broker, of so many queues that it had. */
export function printLeaving(out: Out, namespace: string, queues: number, left: readonly string[]): void {
  const stays = `What stays in "${namespace}": two boards without an entry; on RabbitMQ the empty queues for retries.`
  out.line(`Everybody unsubscribed: ${number(queues - left.length)} of ${number(queues)} queues are gone.`)
  out.line(out.faint(cut(stays, out.width)))
  for (const queue of left) out.line(out.bad(cut(`Left behind: ${queue}`, out.width)))
}
