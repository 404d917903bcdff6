import { number, type Out } from './out.js'

/** What the demo leaves on a broker, of so many queues that it had. */
export function printLeaving(out: Out, namespace: string, queues: number, left: readonly string[]): void {
  const gone = `Everybody unsubscribed: ${number(queues - left.length)} of ${number(queues)} queues are gone.`
  out.line(out.faint(`${gone} What stays of namespace "${namespace}" on the broker is what`))
  out.line(out.faint('all services share: two boards without an entry and, on RabbitMQ, the empty queues for retries.'))
  for (const queue of left) out.line(out.bad(`Left behind: ${queue}.`))
}
