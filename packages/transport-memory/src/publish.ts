import { type Message, TransportError } from '@recordcast/transport'
import { checkName, copyMessage, type PublishReport } from '@recordcast/transport/driver'
import { call, lost } from './call.js'
import type { Ground } from './ground.js'
import type { Party } from './party.js'
import { newEntry } from './queue/queue.js'
import { isShelf } from './space.js'
import { type Stored, stored } from './stored.js'

type Failed = PublishReport['failed'][number]

/** One stored copy is shared by all queues that get it. */
export function publish(
  ground: Ground,
  party: Party,
  queues: readonly string[],
  message: Message,
): Promise<PublishReport> {
  let copy: Stored
  let names: readonly string[]
  try {
    names = queues.length > 1 ? [...new Set(queues)] : [...queues]
    // What is declared has a name that was checked.
    for (const queue of names) if (!party.space.queues.has(queue) || isShelf(queue)) checkName('queue', queue)
    copy = stored(copyMessage(message, ground.limits.maxBodyBytes, (body) => body))
  } catch (error) {
    return Promise.reject(error)
  }
  if (party.unconfirmed + names.length > ground.limits.maxUnconfirmed && party.state === 'open')
    return Promise.resolve({ gone: [], failed: names.map((queue) => ({ queue, error: tooMuch(party.unconfirmed) })) })

  party.unconfirmed += names.length
  const { epoch } = ground
  const report = call(ground, party, 'publish', copy.id, () => {
    const gone: string[] = []
    const failed: Failed[] = []
    let lateMs = 0
    const entry = newEntry(copy)
    const late = (byMs: number): void => {
      lateMs = Math.max(lateMs, byMs)
    }
    for (const name of names) {
      const queue = party.space.queues.get(name)
      if (queue === undefined) gone.push(name)
      else {
        const error = ground.store(queue, entry, late)
        if (error !== undefined) failed.push({ queue: name, error })
      }
    }
    return lateMs > 0 ? confirmed(ground, party, lateMs, epoch, names, { gone, failed }) : { gone, failed }
  })
  return report.then(
    (told) => {
      party.unconfirmed -= names.length
      return told
    },
    (error: TransportError) => {
      party.unconfirmed -= names.length
      if (error.code !== 'connection-lost') throw error
      return { gone: [], failed: names.map((queue) => ({ queue, error })) }
    },
  )
}

/** The confirm comes late; if the link breaks first it is lost, although the message is stored. */
function confirmed(
  ground: Ground,
  party: Party,
  lateMs: number,
  epoch: number,
  names: readonly string[],
  report: PublishReport,
): Promise<PublishReport> {
  party.begin()
  return new Promise((resolve) => {
    ground.later(lateMs, () => {
      party.done()
      ground.crash(party, 'publish', 'after', '')
      if (party.state === 'killed') return
      const { gone } = report
      const failed = names.filter((queue) => !gone.includes(queue)).map((queue) => ({ queue, error: lost() }))
      resolve(epoch === ground.epoch ? report : { gone, failed })
    })
  })
}

function tooMuch(waiting: number): TransportError {
  return new TransportError('buffer-full', `${waiting} copies wait for their confirm already; nothing was sent.`)
}
