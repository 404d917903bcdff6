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
const smallBody = 1024

/*
A persistent message as AMQP's frames, encoded once for all its queues. amqplib encodes every copy, although two things differ: the queue, in a frame
in front, and the correlation id, which has a fixed width here. The frame of a large body is shared by all that is written to one channel.
*/
export class Letter {
  /** Of the body. */
  readonly bytes: number
  readonly #head: Buffer
  readonly #tagAt: number
  /** The frame of the body, empty where there is none. */
  #rest: Buffer
  #channel: number | undefined

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
    this.#rest = frameOf(body)
    this.bytes = bytes
  }

  /** The body, in the midst of its frame. */
  get body(): Buffer {
    return this.#rest.subarray(frameBytes - 1, frameBytes - 1 + this.bytes)
  }

  /** The largest of its frames, in bytes. */
  get largestFrame(): number {
    return Math.max(this.#head.byteLength, this.#rest.byteLength)
  }

  /** The frames of one copy behind the one that says where to, in one piece or two. None of a frame's bytes change after it was given. */
  addressed(address: Buffer, channel: number, tag: number): readonly [Buffer] | readonly [Buffer, Buffer] {
    const rest = this.#restOver(channel)
    const inOne = this.bytes <= smallBody
    const from = address.byteLength
    const end = from + this.#head.byteLength
    const copy = Buffer.allocUnsafe(inOne ? end + rest.byteLength : end)
    copy.set(address, 0)
    copy.set(this.#head, from)
    copy.writeUInt16BE(channel, 1)
    copy.writeUInt16BE(channel, from + 1)
    let left = tag
    for (let at = from + this.#tagAt + tagDigits - 1; left > 0; at--) {
      copy[at] = zero + (left % 10)
      left = Math.floor(left / 10)
    }
    if (!inOne) return [copy, rest]
    copy.set(rest, end)
    return [copy]
  }

  #restOver(channel: number): Buffer {
    if (this.#channel === channel || this.bytes === 0) return this.#rest
    if (this.#channel !== undefined) this.#rest = Buffer.from(this.#rest)
    this.#channel = channel
    this.#rest.writeUInt16BE(channel, 1)
    return this.#rest
  }
}

function frameOf(body: Uint8Array): Buffer {
  const bytes = body.byteLength
  if (bytes === 0) return Buffer.alloc(0)
  const frame = Buffer.allocUnsafe(frameBytes + bytes)
  const at = begin(frame, 0, bodyFrame, bytes)
  frame.set(body, at)
  frame[at + bytes] = frameEnd
  return frame
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
