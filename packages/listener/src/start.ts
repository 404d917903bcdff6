import { RecordcastError } from '@recordcast/protocol'
import type { ListenerFact } from '@recordcast/protocol/control'
import { announceListener, openRegistry, withdrawListener } from '@recordcast/registry'
import type { Running } from '@recordcast/transport'
import type { Settings } from './check-options.js'
import type { Counts, ListenerStats } from './counts.js'
import { type Corridor, createCorridor } from './deliver.js'
import { factOf, refuseTaken } from './fact.js'
import { toFailure } from './failure.js'
import { createLook } from './look.js'
import { type Neighbours, nextNeighbours, type Registry, type Snapshot } from './neighbours.js'
import { keepPresence, type Presence } from './presence.js'
import { respond } from './respond.js'
import { isSilent, type Rivals, watchRivals } from './rivals.js'
import type { Subscribed } from './subscribe.js'
import { createTaking, type Taking } from './taking.js'
import { askVerdict, type SourceAnswer, subscriptionRefused } from './verdicts.js'

/*
Start, in this order for these reasons:

 1. The queue is declared: no source may ever be told of a queue that is not there.
 2. The board is read. A fact of another service on this queue ends the start here, with nothing announced.
 3. The fact is made: the whole subscription set, with the generation that it has or the next.
 4. This instance answers at the set's address: whoever reads the fact may ask at once whether anybody is there.
 5. The fact is announced, unless it stands; then both boards are read once more, and that view is the one kept. A source announces
    itself first and reads the board of listeners afterwards; a listener announces itself first and reads the board of sources
    afterwards. Whoever comes second therefore sees the first, and two that come together see each other. The reading of step 2
    would not do: a source might have come between it and the announcement and have read the board before it.
 6. Every source on the board is asked for its verdicts, all at once. One that is gone is told at once by the transport. A fact that was
    found standing may have been its last announcer's to take away: it is looked at once more before and after, and put back.
 7. Events are taken, unless the queue is paused (taking.ts).

What fails at any step undoes the steps before it, in reverse.
*/

/** All that belongs to a listener between start and stop. */
export interface Session {
  readonly settings: Settings
  readonly fact: ListenerFact
  readonly registry: Registry
  readonly responder: Running
  readonly taking: Taking
  readonly corridor: Corridor
  readonly presence: Presence
  readonly rivals: Rivals
  readonly neighbours: () => Neighbours
}

export interface StartInput {
  readonly settings: Settings
  readonly counts: Counts
  readonly subscribed: ReadonlyMap<string, Subscribed>
  readonly instance: string
  readonly queue: string
  readonly stats: () => ListenerStats
}

export interface Started {
  readonly session: Session
  readonly answers: readonly SourceAnswer[]
}

/** More than `concurrency`, so that a lane with much waiting in it does not keep slots from other records. */
const aheadOfConcurrency = 4

/** After so many it is left to presence.ts to keep the fact on the board. */
const mostRounds = 3

type Undo = (error: unknown) => Promise<unknown>

export async function start(input: StartInput): Promise<Started> {
  const undo: Undo[] = []
  try {
    return await startOrThrow(input, undo)
  } catch (error) {
    for (const step of undo.reverse()) {
      await step(error).catch((cause: unknown) => {
        const details = { listener: input.settings.listener, ...toFailure(cause) }
        input.settings.broker.logger.warn(details, 'A start that failed could not be undone in full')
      })
    }
    throw error
  }
}

async function startOrThrow(input: StartInput, undo: Undo[]): Promise<Started> {
  const { settings, counts, subscribed, instance, queue } = input
  const { transport, clock, logger } = settings.broker
  const lifetime = settings.delivery === 'each' ? 'instance' : 'durable'
  const report = (message: string) => (error: Error) => {
    logger.warn({ listener: settings.listener, ...toFailure(error) }, message)
  }
  const onError = report('The consumer of this listener reports a fault')
  const onSetAside = report('A fact on the boards could not be read and was set aside')
  const open = async (): Promise<Registry> => {
    const registry = await openOwn(settings, queue, onSetAside)
    undo.push(() => registry.stop())
    refuseTaken(settings, registry.snapshot(), queue)
    return registry
  }

  const stood = (await transport.inspect(queue)) !== undefined
  await transport.declare(queue, { lifetime })
  if (!stood) undo.push(() => dropUnused(settings, queue, onSetAside))

  const before = await open()
  const fact = factOf(settings, queue, subscribed.values(), before.snapshot())
  let started = false
  const isStarted = (): boolean => started
  const responder = await respond({ settings, fact, instance, lifetime, isStarted, stats: input.stats })
  undo.push(() => responder.stop())
  let announced = false
  const announce = async (): Promise<void> => {
    if (!announced) undo.push(withdraw)
    announced = true
    await announceListener(transport, fact)
  }
  const withdraw: Undo = async (error) => {
    // Unless it was refused, an instance beside this one may have found the fact standing and rely on it.
    await responder.stop()
    const refused = error instanceof RecordcastError && error.code === 'subscription-refused'
    if (refused || (await isSilent(settings, queue, fact.set))) await withdrawListener(transport, fact)
  }
  if (!stands(before.snapshot(), fact)) await announce()
  const registry = await open()
  await before.stop()

  let answers: readonly SourceAnswer[] = []
  for (let round = 0; round < mostRounds; round++) {
    if (!stands(registry.snapshot(), fact)) await announce()
    const sources = [...registry.snapshot().sources.values()]
    const ask = { transport, logger, fact, timeoutMs: settings.askTimeoutMs }
    answers = await Promise.all(sources.map((source) => askVerdict(source, ask)))
    const refused = subscriptionRefused(settings.listener, answers)
    if (refused) throw refused
    if (stands(registry.snapshot(), fact)) break
  }

  let neighbours = nextNeighbours(undefined, registry.snapshot(), fact, clock.now())
  registry.onChange(({ after }) => {
    neighbours = nextNeighbours(neighbours, after, fact, clock.now())
  })
  const corridor = createCorridor({
    settings,
    counts,
    subscribed,
    queue,
    set: fact.set,
    since: Date.parse(fact.since),
    neighbours: () => neighbours,
    look: createLook(settings, fact),
    sources: () => registry.snapshot().sources.values(),
  })
  const concurrency = aheadOfConcurrency * settings.concurrency
  const consume = (): Promise<Running> =>
    transport.consume(queue, { concurrency, lifetime, onError }, (delivery) => corridor.deliver(delivery))
  const taking = createTaking({ settings, registry, queue, corridor, consume })
  await taking.begin()
  const rivals = watchRivals(settings, fact, () => neighbours)
  registry.onChange(rivals.look)
  rivals.look()
  const presence = keepPresence(settings, registry, fact)
  started = true
  const own = { settings, fact, registry, responder, taking, corridor, presence, rivals }
  return { session: { ...own, neighbours: () => neighbours }, answers }
}

function openOwn({ broker: { transport, clock } }: Settings, queue: string, onSetAside: (error: Error) => void) {
  const keepListener = (key: string): boolean => key.startsWith(`${queue}/`)
  return openRegistry({ transport, clock, onSetAside, keepListener, keepPause: (key) => key === queue })
}

function stands({ listeners }: Snapshot, fact: ListenerFact): boolean {
  return [...listeners.values()].some((other) => other.queue === fact.queue && other.set === fact.set)
}

/** A queue that this start made, if nobody has used it since and nobody is subscribed through it: an empty queue may be that of a listener which is away. */
async function dropUnused(settings: Settings, queue: string, onError: (error: Error) => void): Promise<void> {
  const { transport } = settings.broker
  const report = await transport.inspect(queue)
  if (!report || report.attended || report.ready + report.unsettled + report.parked > 0) return
  const registry = await openOwn(settings, queue, onError)
  const { listeners, setAside } = registry.snapshot()
  await registry.stop()
  const stands = [...setAside.values()].some(({ key }) => key.startsWith(`${queue}/`))
  if (!stands && ![...listeners.values()].some((fact) => fact.queue === queue)) await transport.drop(queue)
}
