import { InHandSet } from '@recordcast/transport/in-hand'
import type { ConfirmChannel, Message as Received } from 'amqplib'
import { lost } from '../errors.js'
import type { Opened } from '../link/channel.js'
import type { Link } from '../link/link.js'
import { Standing } from '../link/standing.js'
import type { Settings } from '../options.js'
import { type Fate, late, refused, tooMuch, unsendable } from './fate.js'
import { Entry, type Parcel, type Receipt } from './parcel.js'
import { Post } from './post.js'
import { Trust } from './trust.js'
import { Window } from './window.js'

const mostStale = 50_000

/*
A lane of confirmed, mandatory publishes in the order of `send`. An entry waits for its place in the window, is written, and is
settled once: by the broker's confirm (after its return, if nothing routes it), by the clock, or by the loss of the
channel. The window is charged when an entry is written and given back when it is settled. That holds for
memory as well: nothing is written while the broker blocks the connection or what was written before waits for the kernel. As many
again as the window holds may wait; beyond that, and when the wait is too long, the fate is buffer-full. A channel that refuses
what it should not is given up for another (see trust.ts).
*/
export class Lane {
  readonly standing: Standing
  readonly #settings: Settings
  readonly #link: Link
  readonly #sent = new InHandSet<Entry>()
  readonly #window: Window
  readonly #queue: Window
  readonly #waiting: Entry[] = []
  readonly #trust: Trust
  #opened: Opened<ConfirmChannel> | undefined
  #post: Post | undefined
  #full = false
  #tags = 0
  #stale = 0
  #staleSince = 0
  #callOff: (() => void) | undefined

  constructor(
    settings: Settings,
    link: Link,
    failed: (error: unknown) => void,
    setUp?: (channel: ConfirmChannel) => Promise<void>,
  ) {
    this.#settings = settings
    this.#link = link
    this.#window = new Window(settings.window)
    this.#queue = new Window(settings.window)
    this.#trust = new Trust(settings.clock, () => this.#sent.size === 0)
    this.standing = new Standing(settings, link, 'confirm', {
      setUp: async (opened) => {
        await setUp?.(opened.channel)
        this.#begin(opened)
      },
      down: (reason) => this.#down(reason),
      failed,
    })
  }

  send(parcel: Parcel): Promise<Fate> {
    return new Promise((settle) => this.post(parcel, { settle }, ''))
  }

  /** Like send, without a promise: the receipt may be settled before this returns. Whether the parcel is done with; else it waits. */
  post(parcel: Parcel, receipt: Receipt, queue: string): boolean {
    const { clock, patienceMs } = this.#settings
    const bytes = parcel.letter?.bytes ?? parcel.body.byteLength
    const isUp = this.#opened !== undefined
    if (!isUp || !this.#queue.fits(bytes)) {
      receipt.settle(isUp ? tooMuch() : lost('The connection to the broker is down; nothing was sent.'), queue)
      return true
    }
    const entry = new Entry(parcel, bytes, clock.now() + patienceMs, receipt, queue)
    this.#queue.add(bytes)
    this.#waiting.push(entry)
    this.pump()
    this.#arm()
    return entry.parcel === undefined
  }

  /** Writes what may be written: called when something changed that may let the next one go. */
  pump(): void {
    for (let [entry] = this.#waiting; entry !== undefined; entry = this.#waiting[0]) {
      if (this.#opened === undefined || this.#trust.lost || this.#full || this.#link.line?.blocked) return
      if (!this.#window.fits(entry.bytes)) return
      this.#waiting.shift()
      this.#queue.remove(entry.bytes)
      this.#write(this.#opened, entry)
    }
  }

  /** Stops it; what is not settled by then fails. */
  async stop(): Promise<void> {
    await this.standing.stop()
    this.#callOff?.()
  }

  #begin(opened: Opened<ConfirmChannel>): void {
    opened.channel.on('return', ({ properties }: Received) => {
      const tag = Number(properties.correlationId)
      // Returns come in the order of the publishes, and each before its confirm: it is one of the first.
      this.#sent.each((entry) => {
        entry.returned ||= entry.tag === tag
        return entry.tag < tag
      })
    })
    this.#opened = opened
    this.#post = new Post(opened.channel, () => {
      if (this.#opened !== opened) return
      this.#full = false
      this.pump()
    })
    this.#full = false
    this.#stale = 0
    this.#trust.begin(() => void opened.close())
  }

  #write(opened: Opened<ConfirmChannel>, entry: Entry): void {
    entry.tag = ++this.#tags
    const confirmed = (error: unknown): void => {
      if (this.#opened === opened) this.#confirmed(opened, entry, error)
    }
    const parcel = entry.parcel!
    entry.parcel = undefined
    try {
      this.#full = !this.#post!.write(parcel, entry.tag, confirmed)
      this.#sent.add(entry)
      this.#window.add(entry.bytes)
    } catch (error) {
      entry.settle(opened.closed ? lost('The connection to the broker is down', error) : unsendable(error))
    }
  }

  #confirmed(opened: Opened<ConfirmChannel>, entry: Entry, error: unknown): void {
    if (!this.#sent.has(entry)) this.#stale--
    if (error) {
      // A channel that closes fails all callbacks first: if it was that, the loss has settled it by then.
      this.#settings.clock.defer(() => {
        if (this.#opened === opened) this.#trust.refused(entry.target)
        this.#end(entry, refused(error))
      })
      return
    }
    if (!entry.returned) this.#trust.taken(entry.target)
    this.#end(entry, entry.returned ? 'gone' : 'stored')
  }

  #end(entry: Entry, fate: Fate): void {
    this.#settle(entry, fate)
    this.#trust.settled()
    this.pump()
  }

  #settle(entry: Entry, fate: Fate): void {
    if (!this.#sent.delete(entry)) return
    this.#window.remove(entry.bytes)
    entry.settle(fate)
  }

  #down(reason: Error | undefined): void {
    this.#opened = undefined
    this.#trust.end()
    const error = lost('The connection to the broker was lost', reason)
    for (const entry of this.#sent) this.#settle(entry, error)
    for (const entry of this.#waiting.splice(0)) {
      this.#queue.remove(entry.bytes)
      entry.settle(error)
    }
  }

  /** One timer, for the entry that has waited longest: all wait equally long. */
  #arm(): void {
    if (this.#callOff !== undefined) return
    const first = this.#sent.first ?? this.#waiting[0]
    if (first === undefined) return
    const { clock } = this.#settings
    this.#callOff = clock.after(Math.max(1, first.deadline - clock.now()), () => {
      this.#callOff = undefined
      this.#expire(clock.now())
      this.#arm()
    })
  }

  #expire(now: number): void {
    for (let entry = this.#sent.first; entry !== undefined && entry.deadline <= now; entry = this.#sent.first) {
      if (this.#stale++ === 0) this.#staleSince = this.#tags
      this.#settle(entry, late(this.#settings.patienceMs))
    }
    for (let [entry] = this.#waiting; entry !== undefined && entry.deadline <= now; entry = this.#waiting[0]) {
      this.#waiting.shift()
      this.#queue.remove(entry.bytes)
      entry.settle(tooMuch())
    }
    // amqplib remembers every publish since the oldest that is unconfirmed.
    if (this.#stale > 0 && this.#tags - this.#staleSince > mostStale) this.standing.renew()
    this.pump()
  }
}
