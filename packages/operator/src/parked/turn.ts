import { protocolVersion } from '@recordcast/protocol/control'
import { RecordcastError } from '@recordcast/protocol/errors'
import { digestOf } from '@recordcast/protocol/language'
import { answerAt, ask, type Broker } from '@recordcast/registry'

/*
One replay at a time a queue. Who replays answers at an address made from the queue's name for as long as it goes on; who wants to, asks there first. Operators in
other processes are told in the same way. Two that ask in the same instant may both begin: that harms nothing, for a shelf's message goes to one of them.
*/

const askMs = 2000
const taken = new WeakMap<Broker['transport'], Set<string>>()

/** Runs what must not run twice at once for a queue. @throws RecordcastError replay-running */
export async function inTurn<T>({ transport }: Broker, queue: string, run: () => Promise<T>): Promise<T> {
  const own = taken.get(transport) ?? new Set()
  taken.set(transport, own)
  if (own.has(queue)) throw running(queue)
  own.add(queue)
  // An address has 200 bytes, a queue as many.
  const address = `operator/replay/${digestOf([queue])}`
  try {
    if (await isAnswered(transport, address)) throw running(queue)
    const answer = { v: protocolVersion, kind: 'alive', instance: 'operator' } as const
    const responder = await answerAt(transport, address, async () => answer)
    try {
      return await run()
    } finally {
      await responder.stop()
    }
  } finally {
    own.delete(queue)
  }
}

async function isAnswered(transport: Broker['transport'], address: string): Promise<boolean> {
  try {
    await ask(transport, address, { v: protocolVersion, kind: 'alive' }, askMs)
    return true
  } catch (error) {
    if ((error as { code?: unknown }).code === 'nobody-there') return false
    // Somebody stands there and is too busy to say so.
    if ((error as { code?: unknown }).code === 'request-timeout') return true
    throw error
  }
}

function running(queue: string): RecordcastError {
  return new RecordcastError(
    'replay-running',
    `The parked messages of "${queue}" are being replayed or dropped already`,
    {
      ...{ path: '/queue', found: queue, expected: 'a queue that nobody replays at this moment' },
    },
  )
}
