import type { Message } from '@recordcast/transport'
import type { Ground } from '../ground.js'
import { pause } from '../time.js'
import { propertiesOf } from '../wire.js'
import { newToken, parcelOf } from './entry.js'
import type { Journal } from './journal.js'
import { declareStream, generationHeader, pointedAt, tidy } from './streams.js'

/*
A stream is never shortened, because the broker shortens by age or bytes and knows nothing of what still stands. Instead a
board moves on to a new stream when the old one holds many more entries than facts:

1. whoever notices makes the stream of the next generation and writes a seal to the old one; the first seal counts;
2. every reader goes on in the next generation with what it has, and announces there;
3. the author of the seal copies what stands into it, copies being weaker than announcements, makes sure that all of it
   stands before any next seal, writes a pointer to it and deletes the old stream.

Wherever that is cut off nothing is lost: until the pointer is written newcomers begin in the old stream, whose seal leads
them on. If the author dies, another reader does the third step after a while; doing it twice does no harm.
*/

const sealWithinMs = 2000
const takeOverMs = 30_000
const seals = new WeakMap<Journal, string>()

/** Step 1: seals the stream, after a moment by chance so that seldom two do, if it is still `worth` it. */
export async function compact(ground: Ground, board: string, journal: Journal, worth: () => boolean): Promise<void> {
  await pause(ground.clock, Math.random() * sealWithinMs, journal.signal)
  if (!worth() || journal.signal.aborted) return
  const { generation } = journal
  await declareStream(ground, ground.names.board(board, generation + 1))
  // Somebody else's seal may have been read meanwhile: one of ours would end a stream that has none behind it.
  if (journal.generation !== generation) return
  const token = newToken()
  seals.set(journal, token)
  journal.write({ type: 'seal', token })
  await journal.mark()
}

/** Step 3, at once by the author of the seal, otherwise later and only if it has not been done. */
export async function finish(
  ground: Ground,
  board: string,
  journal: Journal,
  seal: string,
  facts: () => ReadonlyMap<string, Message>,
): Promise<void> {
  const { generation } = journal
  const over = (): boolean => journal.signal.aborted || journal.generation !== generation
  if (seals.get(journal) !== seal) {
    await pause(ground.clock, takeOverMs * (1 + Math.random()), journal.signal)
    if (over() || (await pointedAt(ground, board, 'last')) >= generation) return
  }
  // After a reconnect the facts are read anew; a mark shows that they are complete.
  await journal.mark()
  const stream = ground.names.board(board, generation)
  const copies = [...facts()].map(([key, fact]) => parcelOf(stream, { type: 'copy', token: newToken(), key, fact }))
  await journal.writeAll(copies)
  await journal.mark()
  if (over()) return
  const pointers = ground.names.pointer(board)
  await declareStream(ground, pointers)
  const { headers, ...rest } = propertiesOf({ id: 'pointer', headers: {} })
  const options = { ...rest, headers: { ...headers, [generationHeader]: generation } }
  await journal.writeAll([{ exchange: '', routingKey: pointers, body: Buffer.alloc(0), options }])
  await tidy(ground, board, generation)
}
