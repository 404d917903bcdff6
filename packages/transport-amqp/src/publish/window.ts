/** Counts what is under way, by number and bytes. One alone always fits, however large. */
export class Window {
  readonly #most: { readonly messages: number; readonly bytes: number }
  #messages = 0
  #bytes = 0

  constructor(most: { readonly messages: number; readonly bytes: number }) {
    this.#most = most
  }

  get empty(): boolean {
    return this.#messages === 0
  }

  fits(bytes: number): boolean {
    return this.empty || (this.#messages < this.#most.messages && this.#bytes + bytes <= this.#most.bytes)
  }

  add(bytes: number): void {
    this.#messages++
    this.#bytes += bytes
  }

  remove(bytes: number): void {
    this.#messages--
    this.#bytes -= bytes
  }
}
