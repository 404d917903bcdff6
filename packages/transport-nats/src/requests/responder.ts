import type { Msg, Subscription } from '@nats-io/transport-node'
import type { Message, Running } from '@recordcast/transport'
import { copyMessage } from '@recordcast/transport/driver'
import { headersOf, open, seal } from '../envelope.js'
import { asError } from '../link/errors.js'
import type { Party } from '../party.js'

const longestFailure = 1000
const defaultTimeoutMs = 60_000

/** Who answers at an address, with others in one queue group. stop() waits for the answers that run, but for none longer than its asker does. */
export class Responder implements Running {
  readonly #party: Party
  readonly #address: string
  readonly #answer: (request: Message) => Promise<Message>
  readonly #maxBodyBytes: number
  readonly #open = new Set<Promise<void>>()
  #subscription: Subscription | undefined
  #stopping: Promise<void> | undefined

  constructor(party: Party, address: string, maxBodyBytes: number, answer: (request: Message) => Promise<Message>) {
    this.#party = party
    this.#address = address
    this.#maxBodyBytes = maxBodyBytes
    this.#answer = answer
  }

  async start(): Promise<void> {
    const { link, names, responders } = this.#party
    this.#subscription = link.subscribe(names.address(this.#address), (request) => this.#hear(request), 'rc')
    await link.flush().catch((error: unknown) => {
      this.#subscription?.unsubscribe()
      throw error
    })
    responders.add(this)
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end()
    return this.#stopping
  }

  async #end(): Promise<void> {
    const { link, responders } = this.#party
    // Questions that are on their way still come; after that nobody is there.
    await link.during(async () => this.#subscription?.drain()).catch(() => this.#subscription?.unsubscribe())
    await Promise.all(this.#open)
    await link.flush().catch(() => {})
    responders.delete(this)
  }

  #hear(request: Msg): void {
    if (!request.reply) return
    const { message, timeoutMs = defaultTimeoutMs } = open(request, 'request')
    let callOff = (): void => {}
    const late = new Promise<void>((resolve) => {
      callOff = this.#party.settings.clock.after(timeoutMs, resolve)
    })
    const answered = this.#reply(request, message).finally(callOff)
    const over = Promise.race([answered, late]).finally(() => this.#open.delete(over))
    this.#open.add(over)
  }

  async #reply(request: Msg, message: Message): Promise<void> {
    const { link } = this.#party
    const reply = request.reply ?? ''
    try {
      const { id, headers, body } = copyMessage(await this.#answer(message), this.#maxBodyBytes)
      link.send(reply, body, { headers: headersOf(seal({ id, headers })) })
    } catch (thrown) {
      const failed = asError(thrown).message.slice(0, longestFailure)
      link.send(reply, '', { headers: headersOf(seal({ id: 'failed', headers: {}, failed })) })
    }
  }
}
