import type { Msg } from '@nats-io/transport-node'
import { type Change, type Running, TransportError } from '@recordcast/transport'
import type { WatchOptions } from '@recordcast/transport/driver'
import { open } from '../envelope.js'
import { persist } from '../link/persist.js'
import type { Party } from '../party.js'
import { readStream } from '../queue/stream.js'
import { ensureBoard, keyOfSubject, placeOfBoard, subjectOfKey } from './bucket.js'
import { Feed } from './feed.js'
import { Memory } from './memory.js'

const tickMs = 2500
const auditMs = 15_000
const markersKeptMs = 3_600_000
const mostMarkers = 100

/*
One `watch`. It reads a feed of the board and remembers what it saw; whenever the feed breaks, the link comes back or an audit finds
another state than what was read (a bucket deleted, made again or emptied says nothing to those who listen), a new feed is
read from the start and only the differences are told. 'synced' is told once, after the first list.
*/
export class Watcher implements Running {
  readonly #party: Party
  readonly #board: string
  readonly #see: (change: Change) => void
  readonly #onError: ((error: Error) => void) | undefined
  readonly #memory = new Memory()
  #feed: Feed | undefined
  #made = ''
  #synced = false
  #suspicious = false
  #over = false
  #opening: Promise<void> | undefined
  #auditedAt = 0
  #callOff = (): void => {}
  #unlisten = (): void => {}

  constructor(party: Party, board: string, see: (change: Change) => void, options: WatchOptions | undefined) {
    this.#party = party
    this.#board = board
    this.#see = see
    this.#onError = options?.onError
  }

  async start(): Promise<void> {
    this.#party.watchers.add(this)
    try {
      await this.#read()
    } catch (error) {
      await this.stop()
      throw error
    }
    this.#unlisten = this.#party.link.onChange((up) => (up ? this.#reopen() : this.#feed?.close()))
    this.#tick()
  }

  async stop(): Promise<void> {
    this.#over = true
    this.#callOff()
    this.#unlisten()
    this.#feed?.close()
    this.#party.watchers.delete(this)
  }

  async #read(): Promise<void> {
    const { stream, all, prefix } = placeOfBoard(this.#party, this.#board)
    this.#feed?.close()
    const { created, state } = await ensureBoard(
      this.#party,
      this.#board,
      this.#made === '' ? undefined : () => !this.#over,
    )
    if (this.#over) return
    if (this.#made !== '' && this.#made !== created)
      this.#tell('was deleted underneath its watcher and stands again, without its facts')
    this.#memory.begin(this.#made !== created)
    this.#made = created
    const feed = new Feed(this.#party, stream, state.last_seq, {
      message: (message, seq, storedMs) => this.#note(prefix, message, seq, storedMs),
      listed: () => this.#listed(),
      broken: () => this.#reopen(),
    })
    this.#feed = feed
    await feed.open(all)
  }

  #reopen(): void {
    if (this.#over || this.#opening !== undefined) return
    this.#opening = this.#readUntilOpen().finally(() => {
      this.#opening = undefined
    })
  }

  #readUntilOpen(): Promise<void> {
    const wanted = (): boolean => !this.#over
    const read = async (): Promise<boolean> => {
      await this.#read()
      return !this.#feed?.over
    }
    const tell = (error: TransportError): void => this.#party.tell(this.#onError, error)
    return persist(this.#party, `The board ${this.#board} is not seen just now`, wanted, read, tell)
  }

  #note(prefix: string, message: Msg, seq: number, storedMs: number): void {
    const key = keyOfSubject(prefix, message.subject)
    if (key === undefined) return
    const removed = message.headers?.get('KV-Operation') !== undefined && message.headers.get('KV-Operation') !== ''
    this.#tellChange(this.#memory.note(key, removed ? undefined : open(message, key).message, seq, storedMs))
  }

  #listed(): void {
    const missing = this.#memory.end()
    if (missing.length > 0 && this.#suspicious)
      this.#tell('has lost facts that nobody took away: it was emptied underneath')
    this.#suspicious = false
    for (const change of missing) this.#tellChange(change)
    if (!this.#synced) {
      this.#synced = true
      this.#tellChange({ type: 'synced' })
    }
    void this.#sweep().catch(() => {})
  }

  /** Markers of removals stay on the board for ever unless somebody takes them away; an hour is enough for all who watch. */
  async #sweep(): Promise<void> {
    const { stream } = placeOfBoard(this.#party, this.#board)
    for (const { key, seq } of this.#memory.takeMarkers(
      this.#party.settings.clock.now() - markersKeptMs,
      mostMarkers,
    )) {
      const filter = subjectOfKey(this.#party, this.#board, key)
      await this.#party.api((jsm) => jsm.streams.purge(stream, { filter, seq: seq + 1 }))
    }
  }

  #tick(): void {
    this.#callOff = this.#party.settings.clock.after(tickMs, () => {
      if (this.#feed?.silent) this.#reopen()
      else if (this.#party.settings.clock.now() - this.#auditedAt >= auditMs) void this.#audit().catch(() => {})
      if (!this.#over) this.#tick()
    })
  }

  async #audit(): Promise<void> {
    this.#auditedAt = this.#party.settings.clock.now()
    const feed = this.#feed
    if (feed === undefined || feed.listing || this.#opening !== undefined || !this.#party.link.up) return
    const { stream } = placeOfBoard(this.#party, this.#board)
    const info = await readStream(this.#party, stream)
    const quiet = info?.state.last_seq === feed.lastSeq && this.#feed === feed
    const another = info === undefined || info.created !== this.#made
    if (!another && !(quiet && info.state.messages !== this.#memory.size)) return
    this.#suspicious = !another
    this.#reopen()
  }

  #tellChange(change: Change | undefined): void {
    if (change !== undefined && !this.#over) this.#party.guard(() => this.#see(change), this.#onError)
  }

  #tell(what: string): void {
    this.#party.tell(this.#onError, new TransportError('queue-deleted', `The board ${this.#board} ${what}.`))
  }
}
