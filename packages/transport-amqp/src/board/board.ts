import { type Change, type Message, type Running, TransportError } from '@recordcast/transport'
import { asError, asTransportError, boardDeleted, ignore, lost } from '../errors.js'
import { type Ground, tell } from '../ground.js'
import { compact, finish } from './compact.js'
import { type Entry, newToken } from './entry.js'
import { Fold, same } from './fold.js'
import { Journal } from './journal.js'
import { Watcher } from './watcher.js'

interface Announcement {
  readonly entry: Entry & { readonly key: string }
  readonly resolve: () => void
  readonly reject: (error: TransportError) => void
  readonly callOff: () => void
}

const mostPending = 100_000
const healWithinMs = 500

/*
One board as one transport sees it. Whoever announces also reads: an announcement is done when it is read back, before
any seal. It waits in `pending` until then and is written again after every reconnect and in every new generation; so
does one that was written but not seen, which is why announcing is at-least-once and its order the board's.
*/
export class Board {
  readonly #ground: Ground
  readonly #name: string
  readonly #journal: Journal
  readonly #watchers = new Set<Watcher>()
  readonly #pending = new Map<string, Announcement>()
  readonly #calls = new Map<string, number>()
  #fold = new Fold()
  #synced = false
  /** What stood when reading last broke off: what the watchers have been shown. */
  #shown: ReadonlyMap<string, Message> = new Map()
  /** The generation in which that was. */
  #before: number | undefined
  #freshening: Promise<void> | undefined
  #sealing = false

  constructor(ground: Ground, name: string) {
    this.#ground = ground
    this.#name = name
    this.#journal = new Journal(ground, name, {
      begin: () => {
        this.#fold = new Fold()
      },
      entry: (entry) => this.#entry(entry),
      turned: (token) => this.#turned(token),
      caughtUp: (made) => this.#caughtUp(made),
      down: () => this.#down(),
      failed: (error) => this.#tell(asTransportError(`Reading the board ${name}`, error)),
    })
  }

  watch(see: (change: Change) => void, onError: ((error: Error) => void) | undefined): Running {
    const watcher = new Watcher(
      this.#ground.clock,
      see,
      (error) => tell(this.#ground, onError, error),
      (left) => this.#watchers.delete(left),
    )
    this.#watchers.add(watcher)
    void this.#show(watcher)
    return watcher
  }

  /** Writes on change only: what stands already is not written again, once a mark has shown that it still stands. */
  async announce(key: string, fact: Message | null): Promise<void> {
    const call = (this.#calls.get(key) ?? 0) + 1
    this.#calls.set(key, call)
    try {
      if (this.#stands(key, fact)) {
        await this.#fresh().catch(ignore)
        // A later call for the key has all to say that there is.
        if (this.#calls.get(key) !== call || this.#stands(key, fact)) return
      }
      await this.#put(key, fact)
    } finally {
      if (this.#calls.get(key) === call) this.#calls.delete(key)
    }
  }

  async close(): Promise<void> {
    for (const watcher of this.#watchers) await watcher.stop()
    await this.#journal.stop()
  }

  /** What has been read may be behind what stood when it was asked for; what stands before a mark is all of that. */
  async #show(watcher: Watcher): Promise<void> {
    if (!this.#synced) return
    try {
      await this.#fresh()
    } catch {
      return this.#journal.renew()
    }
    if (this.#synced) watcher.list(this.#fold.facts)
  }

  #stands(key: string, fact: Message | null): boolean {
    if (!this.#synced || !same(this.#fold.facts.get(key), fact)) return false
    for (const { entry } of this.#pending.values()) if (entry.key === key) return false
    return true
  }

  /** One mark for all who ask in the same turn. */
  #fresh(): Promise<void> {
    this.#freshening ??= new Promise((resolve, reject) => {
      this.#ground.clock.defer(() => {
        this.#freshening = undefined
        this.#journal.mark().then(resolve, reject)
      })
    })
    return this.#freshening
  }

  #put(key: string, fact: Message | null): Promise<void> {
    if (this.#pending.size >= mostPending)
      throw new TransportError('buffer-full', `Too many announcements wait for the board ${this.#name} already.`)
    const { clock, settings } = this.#ground
    const token = newToken()
    const entry = fact === null ? { type: 'gone' as const, token, key } : { type: 'fact' as const, token, key, fact }
    return new Promise((resolve, reject) => {
      const callOff = clock.after(settings.patienceMs, () =>
        this.#settle(token)?.reject(lost(`The board ${this.#name} did not take ${key} in time.`)),
      )
      this.#pending.set(token, { entry, resolve, reject, callOff })
      if (this.#synced) this.#write(token, entry)
    })
  }

  #write(token: string, entry: Entry): void {
    this.#journal.write(entry, (error) => {
      // Lost with the connection: it is written again on the next.
      if (error.code === 'not-confirmed') this.#settle(token)?.reject(error)
    })
  }

  #settle(token: string): Announcement | undefined {
    const announcement = this.#pending.get(token)
    this.#pending.delete(token)
    announcement?.callOff()
    return announcement
  }

  #entry(entry: Entry): void {
    const change = this.#fold.apply(entry)
    if (change !== undefined && this.#synced) for (const watcher of this.#watchers) watcher.changed(change)
    this.#settle(entry.token)?.resolve()
    const { compactBoardsAfter } = this.#ground.settings
    if (!this.#synced || this.#sealing || this.#fold.entries <= Math.max(compactBoardsAfter, 8 * this.#fold.facts.size))
      return
    this.#sealing = true
    const worth = (): boolean => this.#synced && this.#fold.entries > compactBoardsAfter
    compact(this.#ground, this.#name, this.#journal, worth)
      .catch((error) => this.#tell(asError(error)))
      .finally(() => {
        this.#sealing = false
      })
  }

  #turned(token: string): void {
    this.#fold.turn()
    if (this.#synced) for (const [pending, { entry }] of this.#pending) this.#write(pending, entry)
    const facts = (): ReadonlyMap<string, Message> => this.#fold.facts
    finish(this.#ground, this.#name, this.#journal, token, facts).catch((error) => this.#tell(asError(error)))
  }

  async #caughtUp(made: boolean): Promise<void> {
    const { generation } = this.#journal
    // In a later generation what is missing was taken away; in the same one nothing goes without a word.
    if (this.#before !== undefined && generation <= this.#before) await this.#heal(made)
    this.#synced = true
    for (const change of this.#fold.since(this.#shown)) for (const watcher of this.#watchers) watcher.changed(change)
    for (const watcher of this.#watchers) watcher.list(this.#fold.facts)
    for (const [token, { entry }] of this.#pending) this.#write(token, entry)
  }

  /** What the board lost, being deleted underneath or cut short in a crash, whoever still knows it puts back. */
  async #heal(made: boolean): Promise<void> {
    if (made) this.#tell(boardDeleted(this.#name))
    if (this.#fold.missing(this.#shown).length === 0) return
    await new Promise<void>((resolve) => void this.#ground.clock.after(Math.random() * healWithinMs, resolve))
    for (const [key, fact] of this.#fold.missing(this.#shown))
      this.#journal.write({ type: 'copy', token: newToken(), key, fact })
    await this.#journal.mark()
  }

  #down(): void {
    if (!this.#synced) return
    this.#synced = false
    this.#shown = this.#fold.facts
    this.#before = this.#journal.generation
  }

  #tell(error: Error): void {
    if (this.#watchers.size === 0) tell(this.#ground, undefined, error)
    for (const watcher of this.#watchers) watcher.fail(error)
  }
}
