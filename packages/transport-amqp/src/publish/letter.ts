const [methodFrame, headerFrame, bodyFrame, frameEnd] = [1, 2, 3, 0xce]
const frameBytes = 8
const basicClass = 60
const publishMethod = 40
const mandatory = 1
const persistent = 2
const longText = 0x53
// In the order in which they are written: headers, delivery mode, correlation id, message id.
const flags = 0x2000 | 0x1000 | 0x0400 | 0x0080
const tagDigits = 12
const zero = 0x30
const largestBody = 64 * 1024
// Up to here a copy costs less than a second piece for the socket.
const smallBody = 4096

/*
A persistent message as AMQP's frames, encoded once for all its queues. amqplib encodes every copy, although two things differ: the queue, in a frame
in front, and the correlation id, which has a fixed width here. A small body is written behind them; the frame of a larger one is shared by all that is
written to one channel. The body is the publisher's own until it is kept.
*/
export class Letter {
  /** Of the body. */
  readonly bytes: number
  readonly #head: Buffer
  readonly #tagAt: number
  #body: Uint8Array
  /** The frame of a large body over `#channel`. */
  #rest: Buffer | undefined
  #channel = 0

  /** @returns undefined for a body too large for it to be worth while */
  static of(
    id: string,
    headers: readonly [name: string, text: string] | undefined,
    body: Uint8Array,
  ): Letter | undefined {
    return body.byteLength > largestBody ? undefined : new Letter(id, headers, body)
  }

  private constructor(id: string, headers: readonly [name: string, text: string] | undefined, body: Uint8Array) {
    const idBytes = Buffer.byteLength(id)
    const textBytes = headers === undefined ? 0 : Buffer.byteLength(headers[1])
    const tableBytes = headers === undefined ? 0 : 1 + headers[0].length + 5 + textBytes
    const propertyBytes = 14 + 4 + tableBytes + 1 + 1 + tagDigits + 1 + idBytes
    const bytes = body.byteLength
    const frames = Buffer.allocUnsafe(frameBytes + propertyBytes)
    let at = begin(frames, 0, headerFrame, propertyBytes)
    at = frames.writeUInt16BE(basicClass, at)
    at = frames.writeUInt16BE(0, at)
    at = frames.writeUInt32BE(0, at)
    at = frames.writeUInt32BE(bytes, at)
    at = frames.writeUInt16BE(flags, at)
    at = frames.writeUInt32BE(tableBytes, at)
    if (headers !== undefined) {
      at = frames.writeUInt8(headers[0].length, at)
      at += frames.write(headers[0], at, 'latin1')
      at = frames.writeUInt8(longText, at)
      at = frames.writeUInt32BE(textBytes, at)
      at += frames.write(headers[1], at, 'utf8')
    }
    at = frames.writeUInt8(persistent, at)
    at = frames.writeUInt8(tagDigits, at)
    this.#tagAt = at
    frames.fill(zero, at, at + tagDigits)
    at = frames.writeUInt8(idBytes, at + tagDigits)
    at += frames.write(id, at, 'utf8')
    frames.writeUInt8(frameEnd, at)
    this.#head = frames
    this.#body = body
    this.bytes = bytes
  }

  get body(): Buffer {
    return Buffer.from(this.#body.buffer, this.#body.byteOffset, this.bytes)
  }

  /** The largest of its frames, in bytes. */
  get largestFrame(): number {
    return Math.max(this.#head.byteLength, frameBytes + this.bytes)
  }

  /** Makes the body its own: called before the publisher may change it, if a copy has still to be written. */
  keep(): void {
    this.#body = new Uint8Array(this.#body)
  }

  /** Bytes of the frames in front of a body that has a piece of its own, or of all. */
  sizeTo(address: Buffer): number {
    const front = address.byteLength + this.#head.byteLength
    return this.#inOne && this.bytes > 0 ? front + frameBytes + this.bytes : front
  }

  /** Writes `sizeTo` bytes, a copy's frames behind the one that says where to. */
  write(into: Buffer, from: number, address: Buffer, channel: number, tag: number): void {
    let at = from + address.byteLength
    into.set(address, from)
    into.set(this.#head, at)
    into.writeUInt16BE(channel, from + 1)
    into.writeUInt16BE(channel, at + 1)
    let left = tag
    for (let digit = at + this.#tagAt + tagDigits - 1; left > 0; digit--) {
      into[digit] = zero + (left % 10)
      left = Math.floor(left / 10)
    }
    at += this.#head.byteLength
    if (this.#inOne && this.bytes > 0) writeFrame(into, at, channel, this.#body)
  }

  /** The frame of a large body, which none of its bytes leave once it was given; undefined where `write` has written all. */
  restOver(channel: number): Buffer | undefined {
    if (this.#inOne) return undefined
    if (this.#rest === undefined || this.#channel !== channel) {
      this.#rest = Buffer.allocUnsafe(frameBytes + this.bytes)
      writeFrame(this.#rest, 0, channel, this.#body)
      this.#channel = channel
    }
    return this.#rest
  }

  get #inOne(): boolean {
    return this.bytes <= smallBody
  }
}

function writeFrame(into: Buffer, from: number, channel: number, body: Uint8Array): void {
  const at = begin(into, from, bodyFrame, body.byteLength)
  into.writeUInt16BE(channel, from + 1)
  into.set(body, at)
  into[at + body.byteLength] = frameEnd
}

/** The frame that publishes, mandatory, to a queue by the default exchange. Its channel is written in later. */
export function addressOf(queue: string): Buffer {
  const payloadBytes = 4 + 2 + 1 + 1 + Buffer.byteLength(queue) + 1
  const address = Buffer.alloc(frameBytes + payloadBytes)
  let at = begin(address, 0, methodFrame, payloadBytes)
  at = address.writeUInt16BE(basicClass, at)
  at = address.writeUInt16BE(publishMethod, at)
  // A ticket, which is not used, and the exchange without a name.
  at += 3
  at = address.writeUInt8(Buffer.byteLength(queue), at)
  at += address.write(queue, at, 'utf8')
  at = address.writeUInt8(mandatory, at)
  address.writeUInt8(frameEnd, at)
  return address
}

/** Begins a frame whose channel is written in later; gives where its payload begins. */
function begin(frames: Buffer, at: number, type: number, payloadBytes: number): number {
  frames[at] = type
  return frames.writeUInt32BE(payloadBytes, at + 3)
}
