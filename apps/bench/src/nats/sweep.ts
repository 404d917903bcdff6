import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'

const streamNotFound = 10059

/** The stream of a board; the names that the benchmark uses stand in it as they are. */
export function boardOf(namespace: string, board: string): string {
  return `KV_${namespace}_B_${board}`
}

/** Deletes the boards that a namespace leaves on the broker when its listeners have unsubscribed. */
export async function sweep(url: string, namespace: string): Promise<void> {
  const connection = await connect({ servers: url })
  const manager = await jetstreamManager(connection)
  for (const board of ['listeners', 'sources']) {
    await manager.streams.delete(boardOf(namespace, board)).catch((error: unknown) => {
      if (!(error instanceof JetStreamApiError && error.code === streamNotFound)) throw error
    })
  }
  await connection.close()
}
