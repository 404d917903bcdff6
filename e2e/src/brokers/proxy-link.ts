import { connect, type Socket } from 'node:net'
import { type DelayLine, delayLine } from './delay-line.js'
import { budgetOf, type Direction, delayOf, type ProxyCounts, type ProxyMode, swallows } from './proxy-mode.js'

export interface Link {
  set(mode: ProxyMode): void
  /** Ends both sides with RST. */
  reset(): void
  /** Closes both sides without a word. */
  destroy(): void
  /** Resolves when both sides are closed. */
  readonly closed: Promise<void>
}

/** The end of a side's stream, in its place behind the bytes before it. */
const end = Symbol('end')

type Counting = { -readonly [count in keyof ProxyCounts]: number }

/**
 * One connection through the proxy: a client's socket, one to the server, and a delay line for each direction.
 *
 * A direction that is swallowed carries nothing: neither bytes nor the end of the stream nor its failure. A link that
 * has kept something back in this way is torn, and reset as soon as a mode lets that direction speak again.
 */
export function openLink(
  client: Socket,
  target: { readonly host: string; readonly port: number },
  initial: ProxyMode,
  counts: Counting,
): Link {
  let mode = initial
  let budget = budgetOf(mode)
  let isOver = false
  const torn = new Set<Direction>()
  const server = connect({ ...target, allowHalfOpen: true, noDelay: true })
  const sockets = [client, server]

  const finish = (): void => {
    isOver = true
    for (const line of Object.values(lines)) line.clear()
  }
  const reset = (): void => {
    finish()
    for (const socket of sockets) abort(socket)
  }
  const cut = (): void => {
    finish()
    for (const socket of sockets) socket.destroySoon()
  }

  const keep = (direction: Direction, thing: Buffer | typeof end): void => {
    torn.add(direction)
    if (thing !== end) counts.swallowed += thing.length
  }
  const carry = (direction: Direction, from: Socket, to: Socket): DelayLine<Buffer | typeof end> => {
    const line = delayLine<Buffer | typeof end>((thing) => {
      if (thing === end) {
        to.end()
        return
      }
      const part = thing.subarray(0, budget)
      budget -= part.length
      counts[direction] += part.length
      counts.swallowed += thing.length - part.length
      if (!to.write(part)) from.pause()
      if (budget === 0) cut()
    })
    const take = (thing: Buffer | typeof end): void => {
      if (isOver) return
      if (swallows(mode, direction)) keep(direction, thing)
      else line.push(thing, delayOf(mode))
    }
    from.on('data', take)
    from.once('end', () => take(end))
    from.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (swallows(mode, direction)) torn.add(direction)
      else if (code === 'ECONNREFUSED') abort(to)
      // Node.js 20 may forget the handle of a socket that is reset while its other end is.
      else to.destroy()
    })
    to.on('drain', () => from.resume())
    return line
  }
  const lines: Record<Direction, DelayLine<Buffer | typeof end>> = {
    toServer: carry('toServer', client, server),
    toClient: carry('toClient', server, client),
  }

  const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)))).then(
    finish,
  )
  return {
    closed,
    reset,
    destroy() {
      finish()
      for (const socket of sockets) socket.destroy()
    },
    set(next) {
      mode = next
      budget = budgetOf(mode)
      if (isOver) return
      if (mode === 'reset') {
        reset()
        return
      }
      if (budget === 0) {
        cut()
        return
      }
      for (const direction of ['toServer', 'toClient'] as const) {
        if (swallows(mode, direction)) {
          for (const thing of lines[direction].clear()) keep(direction, thing)
        } else if (torn.has(direction)) {
          reset()
          return
        }
      }
      // A side that waited for the other to drain is read again, lest a swallowed direction stand still.
      for (const socket of sockets) socket.resume()
    },
  }
}

/**
 * RST; Node would hold it back until a connection that is still being made is made, and leave the handle open where the end of
 * the stream has been sent, after which libuv refuses to reset.
 */
function abort(socket: Socket): void {
  if (socket.connecting || socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
