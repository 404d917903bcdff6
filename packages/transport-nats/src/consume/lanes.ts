import { createInbox, type Msg, nanos, type Subscription } from '@nats-io/transport-node'
import type { Party } from '../party.js'
import type { Declared } from '../queue/declare.js'

interface Lane {
  readonly inbox: string
  readonly subscription: Subscription
  /** Messages that the pull of this lane may still bring. */
  left: number
  heardAt: number
  /** When it last pulled or brought something, heartbeats apart. */
  stirredAt: number
  endsAt: number
}

export interface LaneEvents {
  readonly message: (message: Msg) => void
  /** The broker says that the consumer is gone, or says nothing at all: somebody should look. */
  readonly trouble: () => void
  /** A pull ended; there may be room for another. */
  readonly ended: () => void
}

const most = 4
const expiresMs = 30_000
const heartbeatMs = 5000
const silenceMs = heartbeatMs * 2.5
const quietMs = 50

/*
How messages are fetched: a lane is an inbox on which at most one pull is under way, so that what the broker still owes is known
exactly, whatever gets lost. The client library's own loop asks ahead of what it may hand out, and waits in silence when the consumer
is deleted. Here the sum of `left` never exceeds the free places of the consumer; four lanes let small pulls follow a
large one that is not used up. A pull ends when it has brought all it may, or when the broker ends it with a status;
while it waits the broker sends heartbeats, and a lane that hears none is trouble.

Pulls are one-shot: they bring what is there and end, or wait for the first message. Only an idle one is given up by closing its
inbox, and the broker then asked about the consumer, which makes it forget that one: for nats-server 2.9, when it finds none but
closed inboxes for a message that was put back, loses sight of it until the ack wait is over and delivers its neighbour twice.
*/
export class Lanes {
  readonly #party: Party
  readonly #events: LaneEvents
  readonly #lanes = new Set<Lane>()
  #oneShot = true

  constructor(party: Party, events: LaneEvents) {
    this.#party = party
    this.#events = events
  }

  /** Messages that the broker may still send. */
  get owed(): number {
    let sum = 0
    for (const { left } of this.#lanes) sum += left
    return sum
  }

  /** How long the broker has owed messages and sent none, nor been asked anew; 0 while it owes none. */
  get quietMs(): number {
    if (this.owed === 0) return 0
    let stirredAt = 0
    for (const lane of this.#lanes) if (lane.left > 0) stirredAt = Math.max(stirredAt, lane.stirredAt)
    return this.#party.settings.clock.now() - stirredAt
  }

  /** Asks for so many more messages, if a lane is free. */
  pull(declared: Declared, count: number): void {
    const lane = this.#freeLane()
    if (lane === undefined) return
    const now = this.#party.settings.clock.now()
    lane.left = count
    lane.heardAt = now
    lane.stirredAt = now
    lane.endsAt = now + expiresMs
    const request = {
      batch: count,
      no_wait: this.#oneShot,
      expires: nanos(expiresMs),
      idle_heartbeat: nanos(heartbeatMs),
    }
    this.#oneShot = true
    this.#party.link.send(nextOf(declared), JSON.stringify(request), { reply: lane.inbox })
  }

  /** Looks for lanes on which the broker is silent. */
  check(): void {
    const now = this.#party.settings.clock.now()
    for (const { left, heardAt, endsAt } of this.#lanes) {
      const silent = now - heardAt > silenceMs || now > endsAt + heartbeatMs
      if (left === 0 || !silent) continue
      this.#events.trouble()
      return
    }
  }

  /** Forgets every pull. What the broker sends for them all the same is delivered again after the ack wait. */
  reset(): void {
    for (const { subscription } of this.#lanes) subscription.unsubscribe()
    this.#lanes.clear()
  }

  /** Ends every pull; what is on its way still comes before this resolves. */
  async drain({ stream, durable }: Declared): Promise<void> {
    const { settings, link } = this.#party
    const lively = ({ left, stirredAt }: Lane) => left > 0 && settings.clock.now() - stirredAt < quietMs
    while (link.up && [...this.#lanes].some(lively)) await this.#party.pause(quietMs / 5)
    const lanes = [...this.#lanes]
    this.#lanes.clear()
    await Promise.all(lanes.map(({ subscription }) => link.during(() => subscription.drain()).catch(() => {})))
    if (lanes.length > 0) await this.#party.api((jsm) => jsm.consumers.info(stream, durable)).catch(() => {})
  }

  #freeLane(): Lane | undefined {
    for (const lane of this.#lanes) if (lane.left === 0) return lane
    if (this.#lanes.size >= most) return undefined
    const inbox = createInbox()
    const lane: Lane = {
      inbox,
      subscription: this.#party.link.subscribe(inbox, (message) => this.#hear(lane, message)),
      left: 0,
      heardAt: 0,
      stirredAt: 0,
      endsAt: 0,
    }
    this.#lanes.add(lane)
    return lane
  }

  #hear(lane: Lane, message: Msg): void {
    lane.heardAt = this.#party.settings.clock.now()
    if (message.subject !== lane.inbox) {
      lane.stirredAt = lane.heardAt
      lane.left = Math.max(0, lane.left - 1)
      this.#events.message(message)
      return
    }
    const code = message.headers?.code ?? 0
    if (code === 100 || !this.#lanes.has(lane)) return
    const said = message.headers?.description ?? ''
    if (code === 408 || code === 404 || /batch completed/i.test(said)) {
      lane.left = 0
      // Other pulls will take what there is; another one-shot would be refused like this one.
      this.#oneShot = !/requests pending/i.test(said)
      this.#events.ended()
    } else this.#events.trouble()
  }
}

function nextOf({ stream, durable }: Declared): string {
  return `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`
}
