import { guarded, report } from '../errors.js'
import type { Settings } from '../options.js'
import { Link } from './link.js'

/**
 * The three connections of a transport, and what their state is as one: connected when all stand, reconnecting from the
 * first that is lost, blocked while the broker takes no messages from any of them.
 */
export class Links {
  readonly publishing: Link
  readonly consuming: Link
  readonly control: Link
  /** Called when a connection may take messages again. */
  unblocked = (): void => {}
  readonly #settings: Settings
  readonly #blocked = new Set<Link>()
  #connected = false

  constructor(settings: Settings) {
    this.#settings = settings
    const events = {
      up: () => this.#up(),
      down: (link: Link, reason: string) => this.#down(link, reason),
      blocked: (link: Link, blocked: boolean, reason: string) => this.#block(link, blocked, reason),
    }
    this.publishing = new Link(settings, 'publishing', events)
    this.consuming = new Link(settings, 'consuming', events)
    this.control = new Link(settings, 'control', events)
  }

  get #all(): readonly Link[] {
    return [this.publishing, this.consuming, this.control]
  }

  /** Connects all three; on failure none is left open. Resolves with the version that the broker names. */
  async open(): Promise<string | undefined> {
    try {
      const [line] = await Promise.all(this.#all.map((link) => link.open()))
      return line?.version
    } catch (error) {
      await this.close()
      throw error
    }
  }

  /** The transport is about to close. */
  leave(): void {
    for (const link of this.#all) link.leave()
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((link) => link.close()))
    this.#tell('closed', 'The transport was closed.')
  }

  #up(): void {
    if (this.#connected || this.#all.some(({ line }) => line === undefined)) return
    this.#connected = true
    this.#tell('connected', 'All connections to the broker stand.')
  }

  #down(link: Link, reason: string): void {
    if (this.#blocked.delete(link) && this.#blocked.size === 0) this.#tell('unblocked', 'The connection was lost.')
    this.#connected = false
    this.#tell('reconnecting', `The ${link.label} connection is down: ${reason}`)
  }

  #block(link: Link, blocked: boolean, reason: string): void {
    const before = this.#blocked.size
    if (blocked) this.#blocked.add(link)
    else this.#blocked.delete(link)
    const after = this.#blocked.size
    if (before === 0 && after > 0) this.#tell('blocked', `The broker takes no messages: ${reason}`)
    if (before > 0 && after === 0) this.#tell('unblocked', 'The broker takes messages again.')
    if (!blocked) this.unblocked()
  }

  #tell(...said: Parameters<Settings['onState']>): void {
    const { onState, onWarning } = this.#settings
    guarded(
      () => onState(...said),
      (error) => report(undefined, onWarning, error),
    )
  }
}
