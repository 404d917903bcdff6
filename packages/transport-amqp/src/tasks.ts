/** The calls that are under way, for whoever closes. */
export class Tasks {
  #running = 0
  #whenIdle: (() => void)[] = []

  add<T>(task: Promise<T>): Promise<T> {
    this.#running++
    task.then(this.#ended, this.#ended)
    return task
  }

  /** Resolves when none is under way, at the latest those that have been added meanwhile. */
  async idle(): Promise<void> {
    while (this.#running > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
  }

  readonly #ended = (): void => {
    if (--this.#running > 0) return
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }
}
