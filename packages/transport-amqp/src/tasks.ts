/** The calls that are under way, for whoever closes. */
export class Tasks {
  #running = 0
  #whenIdle: (() => void)[] = []

  add<T>(task: Promise<T>): Promise<T> {
    this.begin()
    const end = (): void => this.end()
    task.then(end, end)
    return task
  }

  /** For a call that says itself when it has ended. */
  begin(): void {
    this.#running++
  }

  end(): void {
    if (--this.#running > 0 || this.#whenIdle.length === 0) return
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  /** Resolves when none is under way, at the latest those that have been added meanwhile. */
  async idle(): Promise<void> {
    while (this.#running > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
  }
}
