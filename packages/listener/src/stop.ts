import { boards } from '@recordcast/protocol/control'
import { openRegistry, withdrawListener } from '@recordcast/registry'
import { withdrawPause } from '@recordcast/registry/operator'
import type { Settings } from './check-options.js'
import { refuseTaken } from './fact.js'
import { toFailure } from './failure.js'
import type { Snapshot } from './neighbours.js'
import { isSilent, isStarted } from './rivals.js'
import type { Session } from './start.js'

/*
Stop takes nothing new, gives back what waits, and lets what runs settle; after `stopTimeoutMs` their signals abort and their events
go back to the queue. The fact stays, as does the queue: a listener that stops stays subscribed.

A pause of its queue stays too: it is the operator's. Two facts do not stay. That of a `delivery: 'each'` listener ends with its instance, before its queue, for no source may
know of a queue that is not there. And that of a release whose last instance this was, while another release has started: nobody
would answer for it any more. One that is still starting does not count, for it may be refused.

Each step is taken although one before it failed; stop itself never rejects.
*/
export async function stop(session: Session): Promise<void> {
  const { settings, fact, presence, rivals, responder, registry, taking, neighbours } = session
  const { transport } = settings.broker
  const each = settings.delivery === 'each'
  const step = stepper(settings)
  const present = presence.stop()
  if (each) {
    await present
    await step('withdraw its announcement', () => withdrawListener(transport, fact))
  }
  await Promise.all([present, rivals.stop(), step('stop taking events', () => taking.end())])
  await step('stop answering', () => responder.stop())
  if (each) {
    await step('end its pause', () => endPause(settings, fact.queue, registry.snapshot()))
    await step('drop its queue', () => transport.drop(fact.queue))
  } else await step('hand over to the other release', () => handOver(session, [...neighbours().sets]))
  await step('close the boards', () => registry.stop())
}

/** Ends a started listener for good. Rejects with the first step that failed, after all were tried. */
export async function unsubscribe(session: Session): Promise<void> {
  const { settings, fact, presence, rivals, responder, registry, taking } = session
  const step = stepper(settings)
  await presence.stop()
  await rivals.stop()
  await step('withdraw', () => withdrawAll(settings, fact.queue, registry.snapshot()))
  await step('stop taking events', () => taking.end())
  await step('stop answering', () => responder.stop())
  // Not before: whoever sees it go takes events again.
  await step('end its pause', () => endPause(settings, fact.queue, registry.snapshot()))
  await step('drop its queue', () => settings.broker.transport.drop(fact.queue))
  await step('close the boards', () => registry.stop())
  if (step.failures.length > 0) throw step.failures[0]
}

/** The same for a listener that is not started: whatever stands for its queue is withdrawn, then the queue is dropped. @throws listener-name-taken */
export async function unsubscribeStopped(settings: Settings, queue: string): Promise<void> {
  const { transport, clock } = settings.broker
  const keepListener = (key: string): boolean => key.startsWith(`${queue}/`)
  const registry = await openRegistry({ transport, clock, keepListener, keepPause: (key) => key === queue })
  try {
    refuseTaken(settings, registry.snapshot(), queue)
    await withdrawAll(settings, queue, registry.snapshot())
    await endPause(settings, queue, registry.snapshot())
  } finally {
    await registry.stop()
  }
  await transport.drop(queue)
}

async function withdrawAll(
  { service, broker: { transport } }: Settings,
  queue: string,
  board: Snapshot,
): Promise<void> {
  const prefix = `${queue}/`
  const sets = [...board.listeners.values()]
    .filter((fact) => fact.service === service && fact.queue === queue)
    .map(({ set }) => set)
  for (const { key } of board.setAside.values()) if (key.startsWith(prefix)) sets.push(key.slice(prefix.length))
  await Promise.all([...new Set(sets)].map((set) => withdrawListener(transport, { queue, set })))
}

/** A queue that is dropped is not to be found paused by whoever makes it again. */
async function endPause({ broker: { transport } }: Settings, queue: string, board: Snapshot): Promise<void> {
  const stands = board.pauses.has(queue) || board.setAside.has(`${boards.pauses}:${queue}`)
  if (stands) await withdrawPause(transport, queue)
}

async function handOver({ settings, fact }: Session, others: readonly string[]): Promise<void> {
  if (others.length === 0 || !(await isSilent(settings, fact.queue, fact.set))) return
  const started = await Promise.all(others.map((set) => isStarted(settings, fact.queue, set)))
  if (!started.some(Boolean)) return
  await withdrawListener(settings.broker.transport, fact)
}

function stepper({ listener, broker: { logger } }: Settings) {
  const failures: unknown[] = []
  const step = async (what: string, run: () => Promise<void>): Promise<void> => {
    try {
      await run()
    } catch (error) {
      failures.push(error)
      logger.warn({ listener, ...toFailure(error) }, `A listener that stops could not ${what}`)
    }
  }
  return Object.assign(step, { failures })
}
