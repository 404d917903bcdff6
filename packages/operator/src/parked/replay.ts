import { RecordcastError } from '@recordcast/protocol/errors'
import type { Clock, ParkedMessage } from '@recordcast/transport'
import { replayParked } from '@recordcast/transport/replay'
import { setsOf } from '../board/by-queue.js'
import { depthOf } from '../depth.js'
import type { ReplayInput } from '../operator.js'
import { plainProblem } from '../parts/ask-many.js'
import type { Context } from '../parts/context.js'
import { readInput } from '../parts/input.js'
import { type Shape, shapes } from '../shapes/index.js'
import { peek } from './peek.js'
import { selector } from './select.js'
import { inTurn } from './turn.js'

type Report = Shape<'replay'>
const mostNamed = 100

/**
 * Replays or drops parked messages of a queue, or counts what would go. What could not be replayed stays parked and stands in the report.
 *
 * @throws RecordcastError invalid-request, unknown-listener, replay-running; the transport's when nothing could be begun
 */
export async function replay(
  context: Context,
  action: Report['action'],
  queue: string,
  input: Omit<ReplayInput, 'by'>,
): Promise<Report> {
  const { dryRun = false, perSecond = 100, signal, onProgress = () => undefined } = input
  const isChosen = selector(readInput(shapes.which, input.which))
  if (!(perSecond >= 0.2 && perSecond <= 10_000)) {
    throw new RecordcastError('invalid-request', `perSecond is a number from 0.2 to 10,000, not ${perSecond}`, {
      ...{ path: '/perSecond', found: perSecond, expected: 'a number from 0.2 to 10,000' },
    })
  }
  const { broker } = context
  const { clock } = broker
  const report: Report = {
    ...{ queue, action, dryRun, finished: false, startedAt: new Date(clock.now()).toISOString() },
    ...{ selected: 0, looked: 0, replayed: 0, dropped: 0, failed: [], failures: 0 },
  }
  if (dryRun) {
    const { messages } = await peek(context, queue)
    return { ...report, finished: true, looked: messages.length, selected: messages.filter(isChosen).length }
  }
  if ('missing' in (await depthOf(context, queue))) setsOf(context.registry.snapshot(), queue)

  let next = clock.now()
  const ownPace = async (): Promise<void> => {
    const waitMs = next - clock.now()
    next = Math.max(next, clock.now()) + 1000 / perSecond
    if (waitMs > 0) await wait(clock, waitMs, signal)
  }
  const tell = (): void => onProgress({ ...report })
  const select = async (parked: ParkedMessage): Promise<boolean> => {
    if (signal?.aborted || !isChosen(parked)) {
      report.looked++
      tell()
      return false
    }
    await ownPace()
    report.looked++
    if (signal?.aborted) return false
    report.selected++
    tell()
    return true
  }
  await inTurn(broker, queue, async () => {
    tell()
    const { replayed, dropped, failed } = await replayParked(broker.transport, queue, { action, select, clock })
    Object.assign(report, { replayed, dropped, failures: failed.length })
    report.failed = failed.slice(0, mostNamed).map(({ id, error }) => ({ id, problem: plainProblem(error) }))
  })
  return { ...report, finished: true }
}

/** Waits, or until the signal is aborted. */
function wait(clock: Clock, waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      callOff()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const callOff = clock.after(waitMs, end)
    signal?.addEventListener('abort', end)
  })
}
