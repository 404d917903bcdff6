import type { Message, Running } from '@recordcast/transport'
import { copyMessage } from '@recordcast/transport/driver'
import type { ConsumeMessage } from 'amqplib'
import { asError, asTransportError, ignore, lost } from '../errors.js'
import { type Ground, tell } from '../ground.js'
import { cancel, type Opened, quietly } from '../link/channel.js'
import { onChannel } from '../link/look.js'
import { Standing } from '../link/standing.js'
import { bufferOf, copied, messageOf, propertiesOf } from '../wire.js'

/** The header of an answer that is none: why. */
export const failedHeader = 'rc-failed'

const replies = 'amq.rabbitmq.reply-to.'
const prefetch = 1000
const longestWhy = 1000
// How long the address of responders that died unheard still takes questions.
const leftMs = 10_000

/**
 * Answers at an address: a queue that all its responders share and that ends with the last of them. A question is acked
 * when it is answered, so that one in dying hands goes to another responder.
 */
export class Responder implements Running {
  readonly #ground: Ground
  readonly #address: string
  readonly #answer: (request: Message) => Promise<Message>
  readonly #standing: Standing
  readonly #open = new Set<Promise<void>>()
  #current: { readonly opened: Opened; readonly tag: string } | undefined
  #stopping: Promise<void> | undefined

  constructor(ground: Ground, address: string, answer: (request: Message) => Promise<Message>) {
    this.#ground = ground
    this.#address = address
    this.#answer = answer
    this.#standing = new Standing(ground.settings, ground.control, 'plain', {
      setUp: (opened) => this.#setUp(opened),
      down: () => {
        this.#current = undefined
      },
      failed: (error) => tell(ground, undefined, asTransportError(`Responding at ${address}`, error)),
    })
  }

  start(): Promise<void> {
    return this.#standing.stood(() => lost(`Responding at ${this.#address} could not be begun in time.`))
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end()
    return this.#stopping
  }

  async #end(): Promise<void> {
    if (this.#current !== undefined) await cancel(this.#current.opened, this.#current.tag)
    await Promise.all(this.#open)
    await this.#standing.stop()
    const { settings, control, names } = this.#ground
    if (control.line === undefined) return
    // The queue ends by itself; this only returns after it has, and is refused when others still stand there.
    await onChannel(settings, control, 'Leaving an address', (channel) =>
      channel.deleteQueue(names.address(this.#address), { ifUnused: true }),
    ).catch(ignore)
  }

  async #setUp(opened: Opened): Promise<void> {
    const { channel } = opened
    const queue = this.#ground.names.address(this.#address)
    const durable = !this.#ground.features.transientQueues
    await channel.assertQueue(queue, { durable, autoDelete: true, arguments: { 'x-expires': leftMs } })
    await channel.prefetch(prefetch)
    const { consumerTag } = await channel.consume(queue, (received) => {
      if (received === null) void opened.close()
      else this.#hear(opened, received)
    })
    this.#current = { opened, tag: consumerTag }
  }

  #hear(opened: Opened, received: ConsumeMessage): void {
    const answering = this.#say(opened, received).finally(() => this.#open.delete(answering))
    this.#open.add(answering)
  }

  /** Never rejects. */
  async #say({ channel }: Opened, received: ConsumeMessage): Promise<void> {
    const { replyTo, correlationId } = received.properties
    let body: Buffer = Buffer.alloc(0)
    let properties: object
    try {
      const answer = copyMessage(await this.#answer(copied(messageOf(received))), this.#ground.maxBodyBytes)
      body = bufferOf(answer)
      properties = propertiesOf(answer)
    } catch (thrown) {
      properties = { headers: { [failedHeader]: asError(thrown).message.slice(0, longestWhy) } }
    }
    quietly(() => {
      // Whoever asks names the queue of the answer: any other would let a stranger write into queues of ours.
      if (String(replyTo).startsWith(replies))
        channel.publish('', replyTo, body, { ...properties, persistent: false, correlationId })
      channel.ack(received)
    })
  }
}
