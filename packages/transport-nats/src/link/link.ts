import type { Msg, MsgHdrs, NatsConnection, Subscription } from '@nats-io/transport-node'
import { TransportError } from '@recordcast/transport'
import { InHandSet } from '@recordcast/transport/in-hand'
import type { LinkState, Settings } from '../options.js'
import { Confirms, type Receiver } from './confirms.js'
import { cut } from './cut.js'
import { asError, lost } from './errors.js'
import { gather } from './gather.js'
import { giveUpDial } from './give-up-dial.js'

/*
The one connection of a transport. The client library mends it for ever; what it does not do is tell those who wait. So
everything that awaits the broker does it here: it rejects with connection-lost at once when the link is down, and the
moment that it breaks. Nothing is sent while the link is down, for the library would drop it without a word.
A callback that throws would end the library's read loop and with it every subscription: `subscribe` guards each one.
*/
export class Link {
  readonly nc: NatsConnection
  readonly #waiting = new InHandSet<(error: TransportError) => void>()
  readonly #listeners = new Set<(up: boolean) => void>()
  readonly #tell: (state: LinkState) => void
  readonly #warn: (error: Error) => void
  readonly #confirms: Confirms
  #up = true
  #over = false

  constructor(
    nc: NatsConnection,
    settings: Pick<Settings, 'clock' | 'confirmTimeoutMs'>,
    tell: (state: LinkState) => void,
    warn: (error: Error) => void,
  ) {
    this.nc = nc
    gather(nc)
    this.#tell = tell
    this.#warn = warn
    this.#confirms = new Confirms(nc, settings.clock, settings.confirmTimeoutMs)
    this.subscribe(this.#confirms.subject, (answer) => this.#confirms.hear(answer))
    void this.#follow()
    void nc.closed().then(() => this.#ended())
  }

  get up(): boolean {
    return this.#up
  }

  /** Called with true when the link is up again and false when it broke. Returns the way to stop listening. */
  onChange(listener: (up: boolean) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Awaits the broker; rejects with connection-lost when the link is down or breaks meanwhile. `work` is called at once. */
  during<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#up) return Promise.reject(lost())
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      work()
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject))
    })
  }

  /** Asks a question and awaits the answer. Rejects with the library's own errors besides connection-lost. */
  request(subject: string, body: Uint8Array | string, timeoutMs: number, headers?: MsgHdrs): Promise<Msg> {
    const tooLarge = this.#tooLarge(body, headers)
    if (tooLarge !== undefined) return Promise.reject(tooLarge)
    return this.during(() =>
      this.nc.request(subject, body, headers ? { timeout: timeoutMs, headers } : { timeout: timeoutMs }),
    )
  }

  /** Like `request`, for the many that the broker itself answers: with `confirmTimeoutMs`, give or take a twentieth. */
  confirm(subject: string, body: Uint8Array | string, headers: MsgHdrs | undefined, receiver: Receiver): void {
    const refusal = this.#up ? this.#tooLarge(body, headers) : lost()
    if (refusal === undefined) this.#confirms.send(subject, body, headers, receiver)
    else receiver.failed(refusal)
  }

  /** The server breaks the link over a message that is too large. Adding up is for those that may be. */
  #tooLarge(body: Uint8Array | string, headers: MsgHdrs | undefined): TransportError | undefined {
    const most = this.nc.info?.max_payload ?? Number.POSITIVE_INFINITY
    const near = body.length > most / 4 || most < 2 ** 20
    if (!near || body.length + (headers ? Buffer.byteLength(String(headers)) : 0) <= most) return undefined
    const sentence = `Body and headers exceed the server's ${most} bytes; nothing was sent.`
    return new TransportError('payload-too-large', sentence)
  }

  /** Sends without waiting; what cannot be sent is not. */
  send(subject: string, body: Uint8Array | string, options?: { reply?: string; headers?: MsgHdrs }): void {
    if (!this.#up) return
    try {
      this.nc.publish(subject, body, options)
    } catch (error) {
      this.#warn(asError(error))
    }
  }

  subscribe(subject: string, hear: (message: Msg) => void, queue?: string): Subscription {
    const callback = (error: Error | null, message: Msg): void => {
      try {
        if (error) this.#fail(error)
        else hear(message)
      } catch (thrown) {
        this.#warn(asError(thrown))
      }
    }
    return this.nc.subscribe(subject, queue === undefined ? { callback } : { callback, queue })
  }

  /** Resolves once the server has worked off what was sent before. */
  flush(): Promise<void> {
    return this.during(() => this.nc.flush())
  }

  async close(): Promise<void> {
    await this.nc.close()
    this.#ended()
  }

  async #follow(): Promise<void> {
    for await (const status of this.nc.status()) {
      if (status.type === 'disconnect') {
        this.#change(false)
        giveUpDial(this.nc)
      } else if (status.type === 'reconnect') this.#change(true)
      else if (status.type === 'staleConnection') cut(this.nc)
      else if (status.type === 'error') this.#fail(status.error)
    }
  }

  #fail(error: Error): void {
    this.#confirms.refuse(error)
    this.#warn(error)
  }

  #change(up: boolean, state: LinkState = up ? 'connected' : 'disconnected'): void {
    if (this.#up === up && state !== 'closed') return
    this.#up = up
    this.#tell(state)
    if (!up) {
      for (const reject of this.#waiting) reject(lost())
      this.#confirms.rejectAll(lost())
    }
    for (const listener of [...this.#listeners]) listener(up)
  }

  #ended(): void {
    if (this.#over) return
    this.#over = true
    this.#change(false, 'closed')
    this.#listeners.clear()
  }
}
