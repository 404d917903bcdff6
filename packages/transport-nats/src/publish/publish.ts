import { type Message, TransportError } from '@recordcast/transport'
import { checkName, copyMessage, type PublishReport } from '@recordcast/transport/driver'
import { seal } from '../envelope.js'
import { lost, unconfirmed } from '../link/errors.js'
import { tokenOf } from '../names.js'
import type { Party } from '../party.js'
import { store } from './store.js'

type Failed = PublishReport['failed'][number]

/** One publish a queue, all on their way at once, in the order of calling. Checks and copies before it returns. */
export function publish(
  party: Party,
  maxBodyBytes: number,
  queues: readonly string[],
  message: Message,
): Promise<PublishReport> {
  let copy: Message
  let names: readonly string[]
  try {
    names = [...new Set(queues)]
    for (const queue of names) checkName('queue', queue)
    copy = copyMessage(message, maxBodyBytes)
  } catch (error) {
    return Promise.reject(error)
  }
  return party.call('The message was not published', () => {
    if (names.length === 0) return Promise.resolve({ gone: [], failed: [] })
    if (!party.window.open) return Promise.resolve(refused(names, tooMuch(party.window.waiting)))
    if (!party.link.up) return Promise.resolve(refused(names, lost()))
    return putAll(party, names, copy)
  })
}

async function putAll(party: Party, names: readonly string[], { id, headers, body }: Message): Promise<PublishReport> {
  const sealed = seal({ id, headers })
  const gone: string[] = []
  const failed: Failed[] = []
  const put = async (queue: string): Promise<void> => {
    const { stream, subject } = { stream: party.names.stream(queue), subject: party.names.subject(queue) }
    const target = { stream, subject, name: `The queue ${queue}` }
    try {
      const outcome = await party.window.run(body.byteLength + sealed.length, () =>
        store(party, target, sealed, body, dedupeKey(id, queue)),
      )
      if (outcome === 'gone') gone.push(queue)
    } catch (error) {
      failed.push({
        queue,
        error: unconfirmed(error, `The queue ${queue} may not have the message`, party.settings.scrub),
      })
    }
  }
  await Promise.all(names.map(put))
  return { gone, failed }
}

/** Never begins or ends with white space, which headers lose. */
function dedupeKey(id: string, queue: string): string {
  return `m:${id}:${tokenOf(queue)}`
}

function refused(names: readonly string[], error: TransportError): PublishReport {
  return { gone: [], failed: names.map((queue) => ({ queue, error })) }
}

function tooMuch(waiting: number): TransportError {
  return new TransportError('buffer-full', `${waiting} copies wait for their confirm already; nothing was sent.`)
}
