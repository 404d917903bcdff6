import type { Transport } from '@recordcast/transport'
import { connect } from 'amqplib'

/** Deletes what a namespace leaves on the broker when its listeners have unsubscribed: boards, retry queues and their exchanges. */
export async function sweep(url: string, namespace: string, { traits }: Transport): Promise<void> {
  const model = await connect(url)
  const channel = await model.createChannel()
  for (const board of ['listeners', 'sources']) {
    for (const kind of ['board', 'board0', 'board1', 'board2'])
      await channel.deleteQueue(`${namespace}.${kind}.${board}`)
  }
  for (const delay of traits.retryDelays === 'exact' ? [] : traits.retryDelays) {
    await channel.deleteQueue(`${namespace}.retry.${delay}`)
    await channel.deleteExchange(`${namespace}.retry.${delay}`)
  }
  await channel.deleteQueue(`${namespace}.retry.void`)
  await model.close()
}
