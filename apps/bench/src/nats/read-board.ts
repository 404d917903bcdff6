import { DeliverPolicy, jetstream } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'

/** Reads the bytes of so many facts off a board's stream with the client's ordered consumer; resolves with the milliseconds that took. */
export async function readBoard(url: string, stream: string, facts: number): Promise<number> {
  const connection = await connect({ servers: url, noAsyncTraces: true })
  const began = performance.now()
  const options = {
    deliver_policy: DeliverPolicy.LastPerSubject,
    filter_subjects: `${stream.replace('KV_', '$KV.')}.>`,
  }
  const consumer = await jetstream(connection).consumers.get(stream, options)
  let read = 0
  let bytes = 0
  let last = (): void => {}
  const all = new Promise<void>((resolve) => {
    last = resolve
  })
  const messages = await consumer.consume({
    max_messages: facts,
    callback({ data }) {
      bytes += data.length
      if (++read === facts) last()
    },
  })
  await all
  const ms = performance.now() - began
  await messages.close()
  await connection.close()
  if (bytes === 0) throw new Error(`${stream} holds nothing`)
  return ms
}
