import type { Ground } from '../ground.js'
import { lookAt, onChannel } from '../link/look.js'
import { pause } from '../time.js'
import { headerOf } from '../wire.js'

export const generationHeader = 'rc-generation'
// How long an entry that is there takes to come, with much to spare.
const lookMs = 2000

export interface Found {
  readonly generation: number
  /** Whether its stream was absent and has been made. */
  readonly made: boolean
}

/** Makes a stream if it is absent. No limit is set: nothing is ever truncated. */
export async function declareStream(ground: Ground, stream: string): Promise<void> {
  await onChannel(ground.settings, ground.control, `Making the board ${stream}`, (channel) =>
    channel.assertQueue(stream, { durable: true, arguments: { 'x-queue-type': 'stream' } }),
  )
}

/**
 * Where to begin reading: the generation that the pointers name, 0 where there is none. As a generation is pointed at
 * before the one before it is deleted, pointers that are looked at again after a stream was made tell whether it was made in
 * vain; so a newcomer that was slow founds no second board unawares.
 */
export async function locate(ground: Ground, board: string): Promise<Found> {
  for (;;) {
    let generation = await pointedAt(ground, board, 'last')
    // The last pointer may be that of somebody who was very late; the highest of all is not.
    if (!(await exists(ground, board, generation))) generation = await pointedAt(ground, board, 'first')
    const made = !(await exists(ground, board, generation))
    if (made) await declareStream(ground, ground.names.board(board, generation))
    if ((await pointedAt(ground, board, made ? 'first' : 'last')) <= generation) return { generation, made }
  }
}

/**
 * Sees to the stream to which a seal leads. It may be lost, as a stream is that was made just before its broker died, and
 * then it is made again; but not when it was deleted because the board has moved on from it.
 */
export async function seeTo(ground: Ground, board: string, generation: number): Promise<void> {
  if (await exists(ground, board, generation)) return
  for (const from of ['last', 'first'] as const) if ((await pointedAt(ground, board, from)) >= generation) return
  await declareStream(ground, ground.names.board(board, generation))
}

async function exists({ settings, control, names }: Ground, board: string, generation: number): Promise<boolean> {
  return (await lookAt(settings, control, names.board(board, generation))) !== undefined
}

/** The generation that the last pointer names, or the highest of all; 0 when there is none. */
export async function pointedAt(ground: Ground, board: string, from: 'last' | 'first'): Promise<number> {
  const { settings, consuming, names, clock } = ground
  const pointers = names.pointer(board)
  if ((await lookAt(settings, consuming, pointers)) === undefined) return 0
  return onChannel(settings, consuming, `Finding the board ${board}`, async (channel) => {
    const came = new AbortController()
    let highest = 0
    await channel.prefetch(1000)
    await channel.consume(
      pointers,
      (received) => {
        if (received === null) return
        const generation = headerOf(received.properties, generationHeader)
        if (typeof generation === 'number') highest = Math.max(highest, generation)
        channel.ack(received)
        if (from === 'last') came.abort()
      },
      { arguments: { 'x-stream-offset': from } },
    )
    await pause(clock, lookMs, came.signal)
    return highest
  })
}

/** Deletes the streams before a generation that is pointed at. */
export async function tidy(ground: Ground, board: string, generation: number): Promise<void> {
  const { settings, control, names } = ground
  await onChannel(settings, control, `Tidying the board ${board}`, async (channel) => {
    for (const old of [generation - 2, generation - 1]) {
      if (old >= 0) await channel.deleteQueue(names.board(board, old))
    }
  })
}
