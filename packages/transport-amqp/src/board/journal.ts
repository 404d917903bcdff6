import { TransportError } from '@recordcast/transport'
import type { ConfirmChannel, ConsumeMessage } from 'amqplib'
import { asError, ignore, lost } from '../errors.js'
import type { Ground } from '../ground.js'
import { cancel, type Opened, quietly } from '../link/channel.js'
import { Standing } from '../link/standing.js'
import type { Parcel } from '../publish/parcel.js'
import { within } from '../time.js'
import { type Entry, entryOf, newToken, parcelOf } from './entry.js'
import { locate, seeTo } from './streams.js'

export interface Reader {
  /** Reading begins, or begins again, from the first entry. */
  readonly begin: () => void
  readonly entry: (entry: Entry) => void
  /** The stream was sealed by the entry of that token; the next generation is being read. */
  readonly turned: (token: string) => void
  /** Everything that stood at the beginning has been read. `made`: the stream was absent. */
  readonly caughtUp: (made: boolean) => Promise<void>
  readonly down: () => void
  readonly failed: (error: unknown) => void
}

const prefetch = 1000
const ackEvery = 100

/*
A board's chain of streams, read and written through one channel. Reading begins at the first entry of the generation that
locate found, and goes from a stream's first seal on to the next generation: what stands behind a seal was never
announced, and whoever wrote it learns that by not seeing it come.
*/
export class Journal {
  generation = 0
  readonly #ground: Ground
  readonly #board: string
  readonly #reader: Reader
  readonly #standing: Standing
  readonly #marks = new Map<string, { readonly resolve: () => void; readonly reject: (error: Error) => void }>()
  #opened: Opened<ConfirmChannel> | undefined
  #tag = ''
  #unacked = 0

  constructor(ground: Ground, board: string, reader: Reader) {
    this.#ground = ground
    this.#board = board
    this.#reader = reader
    this.#standing = new Standing(ground.settings, ground.control, 'confirm', {
      setUp: (opened) => this.#setUp(opened),
      down: () => this.#down(),
      failed: reader.failed,
    })
  }

  get signal(): AbortSignal {
    return this.#standing.signal
  }

  /** Writes to the stream that is read now. What becomes of it shows in what is read; `failed` is told of a refusal. */
  write(entry: Entry, failed: (error: TransportError) => void = ignore): void {
    this.#publish(parcelOf(this.#stream, entry)).catch(failed)
  }

  /** Writes a mark and resolves when all that was written before it has been read. */
  mark(): Promise<void> {
    const token = newToken()
    return new Promise((resolve, reject) => {
      this.#marks.set(token, { resolve, reject })
      this.write({ type: 'mark', token }, (error) => {
        this.#marks.delete(token)
        reject(error)
      })
    })
  }

  /** Writes several, a few hundred at a time, and resolves when all are confirmed. */
  async writeAll(parcels: readonly Parcel[]): Promise<void> {
    for (let at = 0; at < parcels.length; at += 500)
      await Promise.all(parcels.slice(at, at + 500).map((parcel) => this.#publish(parcel)))
  }

  /** Reads everything again. */
  renew(): void {
    this.#standing.renew()
  }

  stop(): Promise<void> {
    return this.#standing.stop()
  }

  get #stream(): string {
    return this.#ground.names.board(this.#board, this.generation)
  }

  async #setUp(opened: Opened<ConfirmChannel>): Promise<void> {
    const { generation, made } = await locate(this.#ground, this.#board)
    this.generation = generation
    this.#opened = opened
    this.#unacked = 0
    this.#reader.begin()
    // A stream that is gone: the consumer hears of it too, but not if it was gone before there was one.
    opened.channel.on('return', () => void opened.close())
    await opened.channel.prefetch(prefetch)
    await this.#read(opened)
    const { clock, patienceMs } = this.#ground.settings
    await within(clock, patienceMs, this.mark(), () => lost(`The board ${this.#board} could not be read in time.`))
    await this.#reader.caughtUp(made)
  }

  async #read(opened: Opened<ConfirmChannel>): Promise<void> {
    const stream = this.#stream
    const take = (received: ConsumeMessage | null): void => {
      if (received === null) void opened.close()
      else this.#take(opened, stream, received)
    }
    const { consumerTag } = await opened.channel.consume(stream, take, { arguments: { 'x-stream-offset': 'first' } })
    this.#tag = consumerTag
  }

  #take(opened: Opened<ConfirmChannel>, stream: string, received: ConsumeMessage): void {
    if (++this.#unacked % ackEvery === 0) quietly(() => opened.channel.ack(received, true))
    if (opened !== this.#opened || stream !== this.#stream) return
    const entry = entryOf(received)
    if (entry === undefined) return
    this.#reader.entry(entry)
    if (entry.type === 'mark') {
      this.#marks.get(entry.token)?.resolve()
      this.#marks.delete(entry.token)
    }
    // What fails is tried again in the next reading.
    if (entry.type === 'seal') this.#turn(opened, entry.token).catch(ignore)
  }

  async #turn(opened: Opened<ConfirmChannel>, token: string): Promise<void> {
    const tag = this.#tag
    const generation = ++this.generation
    this.#reader.turned(token)
    try {
      await Promise.all([cancel(opened, tag), this.#read(opened)])
    } catch {
      void opened.close()
      return seeTo(this.#ground, this.#board, generation)
    }
    // Marks of ours may stand behind the seal.
    for (const [mark, { reject }] of this.#marks) this.write({ type: 'mark', token: mark }, reject)
  }

  #publish({ exchange, routingKey, body, options }: Parcel): Promise<void> {
    const opened = this.#opened
    return new Promise((resolve, reject) => {
      if (opened === undefined) {
        reject(lost('The connection to the broker is down.'))
        return
      }
      const refused = (error: unknown): void =>
        opened.closed
          ? reject(lost('The connection to the broker was lost', asError(error)))
          : reject(new TransportError('not-confirmed', `The broker refused an entry of ${this.#board}.`))
      // A channel that closes fails all callbacks before it is known to be closed.
      const confirmed = (error: unknown): void => (error ? this.#ground.clock.defer(() => refused(error)) : resolve())
      try {
        opened.channel.publish(exchange, routingKey, body, { ...options, mandatory: true }, confirmed)
      } catch (error) {
        reject(lost('The entry could not be written', error))
      }
    })
  }

  #down(): void {
    this.#opened = undefined
    const error = lost('The connection to the broker was lost.')
    for (const { reject } of this.#marks.values()) reject(error)
    this.#marks.clear()
    this.#reader.down()
  }
}
