import { ignore } from './errors.js'

/** The calls that are under way, for whoever closes. */
export class Tasks {
  readonly #running = new Set<Promise<unknown>>()

  add<T>(task: Promise<T>): Promise<T> {
    this.#running.add(task)
    task.catch(ignore).finally(() => this.#running.delete(task))
    return task
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
  }
}
