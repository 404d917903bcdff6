import { type Message, TransportError } from '@recordcast/transport'
import { copyOf } from '@recordcast/transport/consume'
import { checkName, copyMessage, type PublishReport } from '@recordcast/transport/driver'
import { seal } from '../envelope.js'
import { lost, unconfirmed } from '../link/errors.js'
import type { Party } from '../party.js'
import { store } from './store.js'
import type { QueueTarget } from './target.js'

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
    names = queues.length > 1 ? [...new Set(queues)] : [...queues]
    for (const queue of names) checkName('queue', queue)
    copy = copyMessage(message, maxBodyBytes, copyOf)
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

function putAll(party: Party, names: readonly string[], { id, headers, body }: Message): Promise<PublishReport> {
  const sealed = seal({ id, headers })
  const bytes = body.byteLength + sealed.length
  const gone: string[] = []
  const failed: Failed[] = []
  let left = names.length
  return new Promise((resolve) => {
    const settled = (): void => {
      if (--left === 0) resolve({ gone, failed })
    }
    for (const queue of names) {
      const target = party.targets.of(queue)
      const put = () => store(party, target, sealed, body, dedupeKey(id, target))
      party.window.run(bytes, put).then(
        (outcome) => {
          if (outcome === 'gone') gone.push(queue)
          settled()
        },
        (thrown: unknown) => {
          const what = `The queue ${queue} may not have the message`
          failed.push({ queue, error: unconfirmed(thrown, what, party.settings.scrub) })
          settled()
        },
      )
    }
  })
}

/** Never begins or ends with white space, which headers lose. */
function dedupeKey(id: string, { token }: QueueTarget): string {
  return `m:${id}:${token}`
}

function refused(names: readonly string[], error: TransportError): PublishReport {
  return { gone: [], failed: names.map((queue) => ({ queue, error })) }
}

function tooMuch(waiting: number): TransportError {
  return new TransportError('buffer-full', `${waiting} copies wait for their confirm already; nothing was sent.`)
}
