import { asError, report } from '../errors.js'
import type { Ground } from '../ground.js'
import { onChannel } from '../link/look.js'
import { queueOptions, shelfOptions } from './declare.js'
import { dropQueue } from './drop.js'

/**
 * The instance queues of this transport and their shelves. Each is declared again three times in its grace time, which
 * is what the broker counts from; so it outlives a lost link and ends soon after its process.
 */
export class Instances {
  readonly #ground: Ground
  readonly #queues = new Set<string>()
  #callOff: (() => void) | undefined
  #closed = false

  constructor(ground: Ground) {
    this.#ground = ground
  }

  has(queue: string): boolean {
    return this.#queues.has(queue)
  }

  add(queue: string): void {
    this.#queues.add(queue)
    this.#arm()
  }

  remove(queue: string): void {
    this.#queues.delete(queue)
  }

  /** Drops them all, as far as the broker can be reached. */
  async close(): Promise<void> {
    this.#closed = true
    this.#callOff?.()
    if (this.#ground.control.line === undefined) return
    await Promise.allSettled([...this.#queues].map((queue) => dropQueue(this.#ground, queue)))
  }

  #arm(): void {
    if (this.#callOff !== undefined || this.#closed) return
    const { clock, settings } = this.#ground
    this.#callOff = clock.after(settings.instanceGraceMs / 3, () => {
      this.#renew()
        .catch((error) => report(undefined, settings.onWarning, asError(error)))
        .finally(() => {
          this.#callOff = undefined
          if (this.#queues.size > 0) this.#arm()
        })
    })
  }

  async #renew(): Promise<void> {
    const { settings, control, names } = this.#ground
    // Without a link there is nothing to renew; whoever consumes the queue declares it again.
    if (control.line === undefined || this.#queues.size === 0) return
    await onChannel(settings, control, 'Renewing instance queues', async (channel) => {
      for (const queue of this.#queues) {
        await channel.assertQueue(names.queue(queue), queueOptions(this.#ground, 'instance'))
      }
    })
    await onChannel(settings, control, 'Renewing the shelves of instance queues', async (channel) => {
      for (const queue of this.#queues) {
        await channel.assertQueue(names.shelf(queue), shelfOptions(this.#ground, 'instance'))
      }
    })
  }
}
