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

/*
A persistent message as AMQP's frames, encoded once for all its queues. amqplib encodes every copy, although two things differ: the queue, in a frame
in front, and the correlation id, which has a fixed width here.
*/
export class Letter {
  /** Of the body. */
  readonly bytes: number
  readonly #frames: Buffer
  readonly #tagAt: number
  readonly #bodyAt: number

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
    const frames = Buffer.allocUnsafe(frameBytes + propertyBytes + (bytes === 0 ? 0 : frameBytes + bytes))
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
    at = frames.writeUInt8(frameEnd, at)
    this.#bodyAt = at
    if (bytes > 0) {
      at = begin(frames, at, bodyFrame, bytes)
      frames.set(body, at)
      frames[at + bytes] = frameEnd
    }
    this.#frames = frames
    this.bytes = bytes
  }

  /** The body, in the midst of the frames. */
  get body(): Buffer {
    const from = this.#bodyAt + frameBytes - 1
    return this.#frames.subarray(from, from + this.bytes)
  }

  /** The largest of its frames, in bytes. */
  get largestFrame(): number {
    return Math.max(this.#bodyAt, this.bytes + frameBytes)
  }

  /** The frames of one copy behind the one that says where to. */
  addressed(address: Buffer, channel: number, tag: number): Buffer {
    const frames = this.#frames
    const from = address.byteLength
    const copy = Buffer.allocUnsafe(from + frames.byteLength)
    copy.set(address, 0)
    copy.set(frames, from)
    copy.writeUInt16BE(channel, 1)
    copy.writeUInt16BE(channel, from + 1)
    if (this.bytes > 0) copy.writeUInt16BE(channel, from + this.#bodyAt + 1)
    let rest = tag
    for (let at = from + this.#tagAt + tagDigits - 1; rest > 0; at--) {
      copy[at] = zero + (rest % 10)
      rest = Math.floor(rest / 10)
    }
    return copy
  }
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
