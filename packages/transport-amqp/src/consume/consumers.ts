import type { Running } from '@recordcast/transport'
import type { ConsumeOptions, Handle } from '@recordcast/transport/driver'
import { asError, lost } from '../errors.js'
import { type Ground, tell } from '../ground.js'
import { Lane } from '../publish/lane.js'
import { Consumer, type Declare } from './consumer.js'
import { declareRungs } from './rungs.js'

/** The consumers of a transport and the lane on which their retries and parked messages go. */
export class Consumers {
  readonly #ground: Ground
  readonly #declare: Declare
  readonly #consumers = new Set<Consumer>()
  #lane: Lane | undefined

  constructor(ground: Ground, declare: Declare) {
    this.#ground = ground
    this.#declare = declare
  }

  async consume(queue: string, options: ConsumeOptions, handle: Handle): Promise<Running> {
    const lane = await this.#stood()
    const consumer = new Consumer(this.#ground, lane, this.#declare, queue, options, handle)
    this.#consumers.add(consumer)
    try {
      await consumer.start()
    } catch (error) {
      this.#consumers.delete(consumer)
      throw error
    }
    return {
      stop: async () => {
        await consumer.stop()
        this.#consumers.delete(consumer)
      },
    }
  }

  /** Whether this transport consumes the queue, or is about to again. */
  has(queue: string): boolean {
    return [...this.#consumers].some((consumer) => consumer.queue === queue)
  }

  unsettled(queue: string): number {
    let count = 0
    for (const consumer of this.#consumers) if (consumer.queue === queue) count += consumer.unsettled
    return count
  }

  pump(): void {
    this.#lane?.pump()
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()))
  }

  async close(): Promise<void> {
    await this.#lane?.stop()
  }

  /** Opened with the first consumer: who only publishes needs no rungs. */
  async #stood(): Promise<Lane> {
    const { settings, publishing } = this.#ground
    this.#lane ??= new Lane(
      settings,
      publishing,
      (error) => tell(this.#ground, undefined, asError(error)),
      (channel) => declareRungs(this.#ground, channel),
    )
    const lane = this.#lane
    try {
      await lane.standing.stood(() => lost('The retry queues could not be made in time.'))
    } catch (error) {
      if (this.#lane === lane) this.#lane = undefined
      throw error
    }
    return lane
  }
}
