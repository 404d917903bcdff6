import type { Channel, ConfirmChannel } from 'amqplib'
import { closed, ignore } from '../errors.js'
import type { Settings } from '../options.js'
import { backoffMs, pause, within } from '../time.js'
import { type Opened, openChannel } from './channel.js'
import type { Link } from './link.js'

const goodbyeMs = 2000

export interface Stand {
  /** Sets up on a fresh channel. What it throws is told, and tried again after a pause. */
  readonly setUp: (opened: Opened<ConfirmChannel>, first: boolean) => Promise<void>
  /** The channel is gone, or its set-up failed; called once after each set-up that was begun. */
  readonly down: (reason: Error | undefined) => void
  /** Told of a set-up that failed although the connection stands. */
  readonly failed: (error: unknown) => void
}

/*
What stands on a link through every reconnect: a consumer, a lane of publishes, a board's reader, a responder. It has a
channel of its own. Its life is one loop: wait for the line, open a channel, set up, wait for the end of the channel, say so,
pause (not after a set-up that had succeeded), again; until it is stopped or the link is closed.
*/
export class Standing {
  /** Resolves with the first set-up that succeeds. Rejects, transport-closed, if it is stopped before. */
  readonly ready: Promise<void>
  readonly #settings: Settings
  readonly #link: Link
  readonly #stand: Stand
  readonly #kind: 'plain' | 'confirm'
  readonly #end = new AbortController()
  readonly #ended: Promise<void>
  #opened: Opened | undefined
  #resolveReady!: () => void
  #rejectReady!: (error: Error) => void

  constructor(settings: Settings, link: Link, kind: 'plain' | 'confirm', stand: Stand) {
    this.#settings = settings
    this.#link = link
    this.#kind = kind
    this.#stand = stand
    this.ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve
      this.#rejectReady = reject
    })
    this.ready.catch(ignore)
    this.#ended = this.#live()
  }

  /** Aborted when it is stopped. */
  get signal(): AbortSignal {
    return this.#end.signal
  }

  /** The first set-up within the transport's patience; if it takes longer it is stopped and `late()` thrown. */
  async stood(late: () => Error): Promise<void> {
    try {
      await within(this.#settings.clock, this.#settings.patienceMs, this.ready, late)
    } catch (error) {
      void this.stop()
      throw error
    }
  }

  /** Closes the channel so that it is set up anew. */
  renew(): void {
    void this.#opened?.close()
  }

  /** Closes the channel and ends; waits for neither longer than two seconds. */
  async stop(): Promise<void> {
    this.#end.abort()
    void this.#opened?.close()
    await within(this.#settings.clock, goodbyeMs, this.#ended, () => new Error('no goodbye')).catch(ignore)
  }

  async #live(): Promise<void> {
    let failures = 0
    let first = true
    while (!this.#end.signal.aborted) {
      const line = await this.#link.up(this.#end.signal)
      if (line === undefined) break
      let reason: unknown
      try {
        const opened = await (this.#kind === 'plain' ? openChannel(line, 'plain') : openChannel(line, 'confirm'))
        this.#opened = opened
        if (this.#end.signal.aborted) break
        await this.#setUp(opened, first)
        first = false
        failures = 0
        this.#resolveReady()
        reason = await opened.ended
      } catch (error) {
        reason = error
        failures++
        if (!line.dead && !this.#end.signal.aborted) this.#stand.failed(error)
      }
      this.#stand.down(reason instanceof Error ? reason : undefined)
      await this.#opened?.close()
      this.#opened = undefined
      const wait = failures === 0 ? 0 : backoffMs(this.#settings.reconnect, failures - 1)
      if (!line.dead) await pause(this.#settings.clock, wait, this.#end.signal)
    }
    await this.#opened?.close()
    this.#rejectReady(closed())
  }

  /** A set-up that waits for what never comes ends with its channel. */
  async #setUp(opened: Opened<Channel>, first: boolean): Promise<void> {
    const work = this.#stand.setUp(opened as Opened<ConfirmChannel>, first)
    work.catch(ignore)
    const ended = opened.ended.then((reason) => {
      throw reason ?? new Error('the channel was closed')
    })
    ended.catch(ignore)
    await Promise.race([work, ended])
  }
}
