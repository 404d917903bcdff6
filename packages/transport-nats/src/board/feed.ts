import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream'
import { createInbox, type Msg, nanos, type Subscription } from '@nats-io/transport-node'
import { placeOf } from '../consume/lease.js'
import type { Party } from '../party.js'

export interface FeedEvents {
  readonly message: (message: Msg, seq: number, storedMs: number) => void
  /** Everything that stood has been told. Once. */
  readonly listed: () => void
  /** Something is missing: the feed has to be opened again. */
  readonly broken: () => void
}

const heartbeatMs = 5000
const mostInOneTurn = 250

/*
One reading of a board: the last message of each subject, then what comes, through a consumer of our own that the broker forgets
when we do not listen. Deliveries are numbered without a gap; a gap, or silence for two heartbeats and a half, means
that something was lost, and then the whole feed is opened again. What comes is taken in a few hundred a turn of the event loop; flow
control is answered in its place among them, so the broker does not send a large board faster than that.

The list ends with the delivery behind which nothing is pending. A broker that has nothing more to send beats: if it does so before the list has ended, what was pending went
meanwhile (a purge) or was counted wrongly, no delivery will ever end it, and the feed is opened again.
*/
export class Feed {
  readonly #party: Party
  readonly #stream: string
  readonly #events: FeedEvents
  #subscription: Subscription | undefined
  #consumer = ''
  /** The board's state up to this number has been told. */
  lastSeq: number
  #last = 0
  #heardAt = 0
  #listing = true
  #waiting: Msg[] = []
  /** How many more may be taken in this turn. */
  #room = mostInOneTurn
  #armed = false
  #over = false

  constructor(party: Party, stream: string, lastSeq: number, events: FeedEvents) {
    this.#party = party
    this.#stream = stream
    this.lastSeq = lastSeq
    this.#events = events
  }

  async open(filter: string): Promise<void> {
    const inbox = createInbox()
    this.#subscription = this.#party.link.subscribe(inbox, (message) => this.#hear(message))
    const info = await this.#party.api((jsm) =>
      jsm.consumers.add(this.#stream, {
        deliver_subject: inbox,
        deliver_policy: DeliverPolicy.LastPerSubject,
        filter_subject: filter,
        ack_policy: AckPolicy.None,
        max_deliver: 1,
        idle_heartbeat: nanos(heartbeatMs),
        flow_control: true,
        mem_storage: true,
        num_replicas: 1,
        inactive_threshold: nanos(heartbeatMs * 6),
      }),
    )
    this.#consumer = info.name
    this.#heardAt = this.#party.settings.clock.now()
    // An empty board sends nothing, so nothing would say that this was all.
    if (info.num_pending + info.delivered.consumer_seq === 0 && this.#last === 0) this.#complete()
    if (this.#over) this.close()
  }

  get over(): boolean {
    return this.#over
  }

  get silent(): boolean {
    return !this.#over && this.#consumer !== '' && this.#party.settings.clock.now() - this.#heardAt > heartbeatMs * 2.5
  }

  get listing(): boolean {
    return this.#listing
  }

  close(): void {
    this.#over = true
    this.#waiting = []
    this.#subscription?.unsubscribe()
    if (this.#consumer === '') return
    const consumer = this.#consumer
    this.#consumer = ''
    void this.#party.api((jsm) => jsm.consumers.delete(this.#stream, consumer)).catch(() => {})
  }

  #hear(message: Msg): void {
    if (this.#over) return
    this.#heardAt = this.#party.settings.clock.now()
    this.#arm()
    if (this.#waiting.length > 0 || this.#room <= 0) this.#waiting.push(message)
    else this.#take(message)
  }

  #arm(): void {
    if (this.#armed) return
    this.#armed = true
    this.#party.settings.clock.defer(() => {
      this.#armed = false
      this.#room = mostInOneTurn
      for (const message of this.#waiting.splice(0, mostInOneTurn)) this.#take(message)
      if (this.#waiting.length > 0) this.#arm()
    })
  }

  #take(message: Msg): void {
    if (this.#over) return
    this.#room--
    if (message.headers?.code === 100) {
      this.#beat(message)
      return
    }
    const place = placeOf(message.reply)
    if (place === undefined) return
    if (place.order !== this.#last + 1) {
      this.#break()
      return
    }
    this.#last = place.order
    this.lastSeq = Math.max(this.lastSeq, place.seq)
    this.#events.message(message, place.seq, place.storedMs)
    if (place.pending === 0) this.#complete()
  }

  /** Heartbeats carry the number of the last delivery; flow control wants an answer. */
  #beat(message: Msg): void {
    if (message.reply) message.respond()
    const stalled = message.headers?.get('Nats-Consumer-Stalled')
    if (stalled) this.#party.link.send(stalled, '')
    const last = message.headers?.get('Nats-Last-Consumer')
    const isIdle = last && !stalled
    if ((last && Number(last) > this.#last) || (isIdle && this.#listing && this.#consumer !== '')) this.#break()
  }

  #complete(): void {
    if (!this.#listing || this.#over) return
    this.#listing = false
    this.#events.listed()
  }

  #break(): void {
    this.close()
    this.#events.broken()
  }
}
