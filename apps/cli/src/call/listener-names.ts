import { queueOf } from '@recordcast/protocol/names'
import { RecordcastError } from 'recordcast'

/**
 * Asks something of a listener by whatever people call it: its queue as `ls` shows it, or its name, of which the queue is the encoded form.
 *
 * @throws RecordcastError unknown-listener, with the nearest names
 */
export async function byName<T>(name: string, ask: (queue: string) => Promise<T>): Promise<T> {
  try {
    return await ask(name)
  } catch (error) {
    const encoded = queueOf(name)
    if (encoded === name || !(error instanceof RecordcastError && error.code === 'unknown-listener')) throw error
    return ask(encoded)
  }
}
