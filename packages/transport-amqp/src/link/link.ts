import { TransportError } from '@recordcast/transport'
import { asError, closed, ignore, lost } from '../errors.js'
import type { Settings } from '../options.js'
import { backoffMs, pause, within } from '../time.js'
import { dial, type Line } from './dial.js'
import { Seats } from './seats.js'

export interface LinkEvents {
  readonly up: (link: Link) => void
  readonly down: (link: Link, reason: string) => void
  readonly blocked: (link: Link, blocked: boolean, reason: string) => void
}

/*
One connection and its supervisor. It is up, with a line; or down, and then exactly one attempt or one wait is under way; or
closed, for good. A line that is lost takes nothing else down: whoever stands on the link (see standing.ts) asks for
the next line and sets itself up on it, so that a reset in the midst of a set-up is an ordinary loss.
*/
export class Link {
  readonly label: string
  line: Line | undefined
  /** For throw-away channels: the broker allows a connection about 2,000 channels. */
  readonly seats = new Seats(64)
  readonly #settings: Settings
  readonly #events: LinkEvents
  readonly #end = new AbortController()
  readonly #leave = new AbortController()
  readonly #waiting = new Set<(line: Line | undefined) => void>()
  #next = 0

  constructor(settings: Settings, label: string, events: LinkEvents) {
    this.#settings = settings
    this.label = label
    this.#events = events
  }

  get closed(): boolean {
    return this.#end.signal.aborted
  }

  /** Connects for the first time: tries until `connectTimeoutMs` is over or the broker refuses, then rejects. */
  async open(): Promise<Line> {
    const { clock, connectTimeoutMs, reconnect } = this.#settings
    const deadline = clock.now() + connectTimeoutMs
    for (let failures = 0; ; failures++) {
      try {
        return this.#keep(await this.#dial())
      } catch (error) {
        const wait = backoffMs(reconnect, failures)
        const final = !(error instanceof TransportError && error.retryable)
        if (final || this.closed || clock.now() + wait >= deadline) throw error
        await pause(clock, wait, this.#end.signal)
      }
    }
  }

  /** The line, as soon as there is one; undefined when the link is closed or the signal aborts before. */
  up(signal: AbortSignal): Promise<Line | undefined> {
    if (this.line !== undefined && !this.line.dead) return Promise.resolve(this.line)
    if (this.closed || signal.aborted) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const end = (line: Line | undefined): void => {
        this.#waiting.delete(end)
        signal.removeEventListener('abort', stop)
        resolve(line)
      }
      const stop = (): void => end(undefined)
      signal.addEventListener('abort', stop)
      this.#waiting.add(end)
    })
  }

  /** The line within the transport's patience, unless told otherwise. Rejects with connection-lost or transport-closed. */
  async ready(patienceMs = this.#settings.patienceMs): Promise<Line> {
    if (this.line !== undefined && !this.line.dead) return this.line
    const { clock } = this.#settings
    const gaveUp = new AbortController()
    const late = (): Error =>
      lost(`The ${this.label} connection is down and did not come back within ${patienceMs} ms.`)
    const signal = AbortSignal.any([gaveUp.signal, this.#leave.signal])
    const line = await within(clock, patienceMs, this.up(signal), late).finally(() => gaveUp.abort())
    if (line === undefined) throw this.closed ? closed() : lost(`The ${this.label} connection is down.`)
    return line
  }

  /** From now on nobody waits in `ready` for a link that is down. */
  leave(): void {
    this.#leave.abort()
  }

  async close(): Promise<void> {
    this.#end.abort()
    for (const waiting of this.#waiting) waiting(undefined)
    await this.line?.close()
  }

  async #dial(): Promise<Line> {
    const { urls } = this.#settings
    const url = urls[this.#next % urls.length] ?? ''
    try {
      return await dial(this.#settings, url, this.label, this.#end.signal, (blocked, reason) =>
        this.#events.blocked(this, blocked, reason),
      )
    } catch (error) {
      this.#next++
      throw error
    }
  }

  #keep(line: Line): Line {
    if (this.closed) {
      void line.close()
      return line
    }
    this.line = line
    line.onLost((error) => {
      this.line = undefined
      if (this.closed) return
      this.#events.down(this, error.message)
      this.#redial().catch(ignore)
    })
    this.#events.up(this)
    for (const waiting of this.#waiting) waiting(line)
    return line
  }

  async #redial(): Promise<void> {
    const { clock, reconnect } = this.#settings
    for (let failures = 0; !this.closed; failures++) {
      await pause(clock, backoffMs(reconnect, failures), this.#end.signal)
      if (this.closed) return
      try {
        this.#keep(await this.#dial())
        return
      } catch (error) {
        // Refused credentials seldom heal in a second; asking slowly keeps the account from being locked.
        if (!(error instanceof TransportError && error.retryable)) failures = 30
        if (!this.closed) this.#events.down(this, asError(error).message)
      }
    }
  }
}
