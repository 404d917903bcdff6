import { type Message, TransportError } from '@recordcast/transport'
import { copyOf } from '@recordcast/transport/consume'
import { checkName, copyMessage, type PublishReport } from '@recordcast/transport/driver'
import { seal } from '../envelope.js'
import { closed, lost, unconfirmed } from '../link/errors.js'
import type { Party } from '../party.js'
import { type Stored, storeThen, type Told } from './store.js'
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
  if (party.state !== 'open') return Promise.reject(closed())
  if (names.length === 0) return Promise.resolve(clean)
  if (!party.window.open) return Promise.resolve(refused(names, tooMuch(party.window.waiting)))
  if (!party.link.up) return Promise.resolve(refused(names, lost()))
  return new Promise((resolve) => {
    const publication = new Publication(party, copy, names.length, resolve)
    for (const queue of names) party.window.enter(new Copy(publication, queue))
  })
}

const clean: PublishReport = { gone: [], failed: [] }

/** A call of publish, until the last of its copies has its fate. */
class Publication {
  readonly party: Party
  readonly id: string
  readonly body: Uint8Array
  readonly sealed: string
  readonly bytes: number
  readonly #resolve: (report: PublishReport) => void
  #left: number
  #report: { readonly gone: string[]; readonly failed: Failed[] } | undefined

  constructor(party: Party, { id, headers, body }: Message, copies: number, resolve: (report: PublishReport) => void) {
    this.party = party
    this.id = id
    this.body = body
    this.sealed = seal({ id, headers })
    this.bytes = body.byteLength + this.sealed.length
    this.#left = copies
    this.#resolve = resolve
    party.begin()
  }

  gone(queue: string): void {
    this.#report ??= { gone: [], failed: [] }
    this.#report.gone.push(queue)
  }

  failed(queue: string, error: TransportError): void {
    this.#report ??= { gone: [], failed: [] }
    this.#report.failed.push({ queue, error })
  }

  settled(): void {
    if (--this.#left > 0) return
    this.#resolve(this.#report ?? clean)
    this.party.ended()
  }
}

/** One copy of it, from its turn in the window to its fate. */
class Copy implements Told {
  readonly #publication: Publication
  readonly #queue: string

  constructor(publication: Publication, queue: string) {
    this.#publication = publication
    this.#queue = queue
  }

  get bytes(): number {
    return this.#publication.bytes
  }

  go(): void {
    const { party, id, sealed, body } = this.#publication
    const target = party.targets.of(this.#queue)
    storeThen(party, target, sealed, body, { dedupe: dedupeKey(id, target) }, this)
  }

  stored(outcome: Stored): void {
    if (outcome === 'gone') this.#publication.gone(this.#queue)
    this.#end()
  }

  failed(thrown: unknown): void {
    const { scrub } = this.#publication.party.settings
    const error = unconfirmed(thrown, `The queue ${this.#queue} may not have the message`, scrub)
    this.#publication.failed(this.#queue, error)
    this.#end()
  }

  #end(): void {
    this.#publication.party.window.leave(this.bytes)
    this.#publication.settled()
  }
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
