import { type Message, TransportError } from '@recordcast/transport'
import type { Channel, ConsumeMessage } from 'amqplib'
import { asError, lost } from '../errors.js'
import { type Ground, tell } from '../ground.js'
import type { Opened } from '../link/channel.js'
import { Standing } from '../link/standing.js'
import { bufferOf, copied, headerOf, messageOf, propertiesOf } from '../wire.js'
import { failedHeader } from './respond.js'

interface Question {
  readonly address: string
  readonly resolve: (answer: Message) => void
  readonly reject: (error: TransportError) => void
  readonly callOff: () => void
}

const replyTo = 'amq.rabbitmq.reply-to'
const longestExpiry = 2 ** 32 - 1

/**
 * Asks, on one channel for all questions: the broker sends answers only to the channel that asked. A question that nobody
 * could be given comes back as a mandatory return, which is how nobody-there is known from too slow.
 */
export class Asker {
  readonly #ground: Ground
  readonly #standing: Standing
  readonly #open = new Map<string, Question>()
  #channel: Channel | undefined
  #tags = 0

  constructor(ground: Ground) {
    this.#ground = ground
    this.#standing = new Standing(ground.settings, ground.control, 'plain', {
      setUp: (opened) => this.#setUp(opened),
      down: () => this.#down(),
      failed: (error) => tell(ground, undefined, asError(error)),
    })
  }

  async ask(address: string, message: Message, timeoutMs: number): Promise<Message> {
    const { clock } = this.#ground
    const deadline = clock.now() + timeoutMs
    await this.#stood(timeoutMs)
    const tag = String(++this.#tags)
    return new Promise((resolve, reject) => {
      const fail = (error: TransportError): void => this.#settle(tag)?.reject(error)
      const callOff = clock.after(Math.max(0, deadline - clock.now()), () => fail(tooLate(address, timeoutMs)))
      this.#open.set(tag, { address, resolve, reject, callOff })
      const expiration = timeoutMs < longestExpiry ? { expiration: String(Math.ceil(timeoutMs)) } : {}
      const options = { ...propertiesOf(message), ...expiration, replyTo, correlationId: tag, mandatory: true }
      try {
        if (this.#channel === undefined) throw new Error('no channel')
        this.#channel.publish('', this.#ground.names.address(address), bufferOf(message), options)
      } catch (error) {
        fail(lost(`The question to ${address} could not be sent`, error))
      }
    })
  }

  /** Ends what is unanswered. */
  async close(error: TransportError): Promise<void> {
    for (const tag of this.#open.keys()) this.#settle(tag)?.reject(error)
    await this.#standing.stop()
  }

  async #stood(timeoutMs: number): Promise<void> {
    if (this.#channel !== undefined) return
    const { clock } = this.#ground
    await new Promise<void>((resolve, reject) => {
      const callOff = clock.after(timeoutMs, () => reject(lost(`The connection was not there within ${timeoutMs} ms.`)))
      this.#standing.ready.then(resolve, reject).finally(callOff)
    })
  }

  async #setUp({ channel }: Opened): Promise<void> {
    channel.on('return', ({ properties }) => {
      const question = this.#settle(String(properties.correlationId))
      question?.reject(new TransportError('nobody-there', `Nobody responds at ${question.address}.`))
    })
    await channel.consume(replyTo, (received) => received && this.#hear(received), { noAck: true })
    this.#channel = channel
  }

  #down(): void {
    this.#channel = undefined
    const error = lost('The connection to the broker was lost before the answer came.')
    for (const tag of this.#open.keys()) this.#settle(tag)?.reject(error)
  }

  #hear(received: ConsumeMessage): void {
    const question = this.#settle(String(received.properties.correlationId))
    if (question === undefined) return
    const failure = headerOf(received.properties, failedHeader)
    if (failure === undefined) question.resolve(copied(messageOf(received)))
    else
      question.reject(new TransportError('responder-failed', `The responder at ${question.address} failed: ${failure}`))
  }

  #settle(tag: string): Question | undefined {
    const question = this.#open.get(tag)
    this.#open.delete(tag)
    question?.callOff()
    return question
  }
}

function tooLate(address: string, timeoutMs: number): TransportError {
  return new TransportError('request-timeout', `Nobody at ${address} answered within ${timeoutMs} ms.`)
}
