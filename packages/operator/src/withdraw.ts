import { type ListenerFact, protocolVersion } from '@recordcast/protocol/control'
import { RecordcastError } from '@recordcast/protocol/errors'
import { withdrawListener } from '@recordcast/registry'
import { setsOf } from './board/by-queue.js'
import { demandConfirmation } from './confirm.js'
import { toDepth } from './depth.js'
import type { Confirmed } from './operator.js'
import type { Context } from './parts/context.js'
import type { Shape } from './shapes/index.js'

/** How long the board may take to show that a fact is gone. */
const shownMs = 5000

/**
 * Takes a listener's facts off the board, waits until they are seen to be gone, and drops its queue with everything in it. A source that has not heard yet
 * finds the queue gone and asks its owner, who is not there. A queue without facts, an orphan, is dropped as well. A listener that is cut off from the broker, as in the
 * seconds after a restart, cannot be told from one that has ended: when it is back it subscribes again, but what was in the queue is gone.
 *
 * @throws RecordcastError unknown-listener, listener-alive, confirmation-required
 */
export async function withdraw(
  context: Context,
  queue: string,
  input: Omit<Confirmed, 'by'>,
): Promise<Shape<'withdraw'>> {
  const { broker, registry, gate } = context
  const dryRun = input.dryRun ?? false
  const report = await gate(() => broker.transport.inspect(queue))
  const sets = [...registry.snapshot().listeners.values()].filter((fact) => fact.queue === queue)
  if (report === undefined) setsOf(registry.snapshot(), queue)
  const told = { queue, facts: sets.length, ...(report && { messages: toDepth(report) }) }
  if (dryRun) return { ...told, dryRun, withdrawn: false }
  if (report?.attended) throw alive(queue, 'somebody takes from its queue')
  await refuseAlive(context, sets)
  demandConfirmation(queue, input, 'Withdrawing a listener')
  for (const fact of sets) await withdrawListener(broker.transport, fact)
  const gone = await registry.until(
    ({ listeners }) => ![...listeners.values()].some((fact) => fact.queue === queue),
    shownMs,
  )
  if (!gone) throw alive(queue, 'its announcement came back')
  await broker.transport.drop(queue)
  return { ...told, dryRun, withdrawn: true }
}

/**
 * A listener that runs keeps its fact on the board, and would have a queue that nobody fills. Who cannot be reached for any other reason than that nobody is there may well
 * run: then what stands in the way is told, and nothing is withdrawn.
 */
async function refuseAlive({ broker, asker }: Context, sets: readonly ListenerFact[]): Promise<void> {
  for (const { address, queue } of sets) {
    const { value, problem } = await asker.ask(address, { v: protocolVersion, kind: 'alive' })
    if (value !== undefined) throw alive(queue, `its instance ${value.instance} answers`)
    if (problem.code === 'nobody-there') continue
    broker.logger.warn({ queue, problem }, 'Whether a listener runs could not be told')
    throw alive(queue, `whether it does could not be told (${problem.message})`)
  }
}

function alive(queue: string, why: string): RecordcastError {
  return new RecordcastError('listener-alive', `The listener "${queue}" runs: ${why}. Stop its instances first`, {
    ...{ path: '/queue', found: queue, expected: 'a listener of which no instance runs' },
  })
}
