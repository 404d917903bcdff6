import type { Message } from '@recordcast/transport'
import { checkName, copyMessage, type PublishReport } from '@recordcast/transport/driver'
import { invalid } from '../errors.js'
import type { Ground } from '../ground.js'
import type { Tasks } from '../tasks.js'
import { letterOf, propertiesOf } from '../wire.js'
import type { Fate } from './fate.js'
import type { Lane } from './lane.js'
import { Copy, type Parcel, type Receipt } from './parcel.js'

/**
 * One copy a queue, pipelined, each with a fate of its own: a list of recipients in one message would hide a missing
 * queue, because the broker returns only what reaches none.
 */
export function publish(
  ground: Ground,
  lane: Lane,
  tasks: Tasks,
  queues: readonly string[],
  message: Message,
): Promise<PublishReport> {
  // What is thrown in here rejects.
  return new Promise((resolve) => {
    if (!Array.isArray(queues)) throw invalid('publish needs a list of queues.')
    for (const queue of queues) checkName('queue', queue)
    const copy = copyMessage(message, ground.maxBodyBytes, asItIs)
    const once: readonly string[] = queues.length > 1 ? [...new Set(queues)] : queues
    if (once.length === 0) {
      resolve(clean)
      return
    }
    const publication = new Publication(once.length, tasks, resolve)
    const letter = letterOf(copy)
    const large = letter === undefined ? Buffer.from(copy.body) : undefined
    let isWritten = true
    for (const queue of once) {
      const target = ground.names.queue(queue)
      const parcel: Parcel =
        letter === undefined
          ? { exchange: '', routingKey: target, body: large!, options: propertiesOf(copy) }
          : new Copy(target, letter, copy)
      isWritten = lane.post(parcel, publication, queue) && isWritten
    }
    if (!isWritten) letter?.keep()
  })
}

const asItIs = (body: Uint8Array): Uint8Array => body

const clean: PublishReport = { gone: [], failed: [] }

/** A call of publish, until the last of its copies has its fate. */
class Publication implements Receipt {
  readonly #tasks: Tasks
  readonly #resolve: (report: PublishReport) => void
  #left: number
  #report: { readonly gone: string[]; readonly failed: PublishReport['failed'][number][] } | undefined

  constructor(copies: number, tasks: Tasks, resolve: (report: PublishReport) => void) {
    this.#left = copies
    this.#tasks = tasks
    this.#resolve = resolve
    tasks.begin()
  }

  settle(fate: Fate, queue: string): void {
    if (fate !== 'stored') {
      this.#report ??= { gone: [], failed: [] }
      if (fate === 'gone') this.#report.gone.push(queue)
      else this.#report.failed.push({ queue, error: fate })
    }
    if (--this.#left > 0) return
    this.#resolve(this.#report ?? clean)
    this.#tasks.end()
  }
}
