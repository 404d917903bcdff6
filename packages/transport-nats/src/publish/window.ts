interface Waiting {
  readonly bytes: number
  /** Sends it. */
  go(): void
}

/*
Bounds what waits for its confirm. A call is taken in while the window has any room, so that one event for very many queues
can pass at all; but no more copies are sent than the window holds, and the rest of the call waits its turn in order.
What waits costs one body however many its copies are.
*/
export class Window {
  readonly #messages: number
  readonly #bytes: number
  readonly #turns: Waiting[] = []
  #taken = { messages: 0, bytes: 0 }
  #sent = { messages: 0, bytes: 0 }

  constructor(messages: number, bytes: number) {
    this.#messages = messages
    this.#bytes = bytes
  }

  /** Copies that wait for their confirm, those included that are not sent yet. */
  get waiting(): number {
    return this.#taken.messages
  }

  /** Whether a call may come in now. */
  get open(): boolean {
    return this.#taken.messages < this.#messages && this.#taken.bytes < this.#bytes
  }

  /** Lets a copy go when it is its turn: at once, before this returns, if there is room. Then it has to `leave`. */
  enter(copy: Waiting): void {
    const { bytes } = copy
    this.#taken.messages++
    this.#taken.bytes += bytes
    if (this.#turns.length > 0 || !this.#fits(bytes)) this.#turns.push(copy)
    else {
      this.#count(bytes)
      copy.go()
    }
  }

  /** The copy has its confirm, or will have none. */
  leave(bytes: number): void {
    this.#taken.messages--
    this.#taken.bytes -= bytes
    this.#sent.messages--
    this.#sent.bytes -= bytes
    this.#next()
  }

  #next(): void {
    for (let next = this.#turns[0]; next !== undefined && this.#fits(next.bytes); next = this.#turns[0]) {
      this.#turns.shift()
      this.#count(next.bytes)
      next.go()
    }
  }

  #fits(bytes: number): boolean {
    return (
      this.#sent.messages === 0 || (this.#sent.messages < this.#messages && this.#sent.bytes + bytes <= this.#bytes)
    )
  }

  #count(bytes: number): void {
    this.#sent.messages++
    this.#sent.bytes += bytes
  }
}
