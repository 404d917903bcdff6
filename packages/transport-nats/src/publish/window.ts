/*
Bounds what waits for its confirm. A call is taken in while the window has any room, so that one event for very many queues
can pass at all; but no more copies are sent than the window holds, and the rest of the call waits its turn in order.
What waits costs one body however many its copies are.
*/
export class Window {
  readonly #messages: number
  readonly #bytes: number
  readonly #turns: { readonly bytes: number; readonly go: () => void }[] = []
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

  /** Sends one copy of `bytes` when it is its turn: at once, before this returns, if there is room. */
  run<T>(bytes: number, send: () => Promise<T>): Promise<T> {
    this.#taken.messages++
    this.#taken.bytes += bytes
    if (this.#turns.length > 0 || !this.#fits(bytes))
      return new Promise<void>((go) => this.#turns.push({ bytes, go })).then(() => this.#send(bytes, send))
    this.#count(bytes)
    return this.#send(bytes, send)
  }

  #send<T>(bytes: number, send: () => Promise<T>): Promise<T> {
    const sent = send()
    const leave = (): void => this.#leave(bytes)
    sent.then(leave, leave)
    return sent
  }

  #leave(bytes: number): void {
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
