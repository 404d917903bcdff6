import { RecordcastError } from '@recordcast/protocol'
import { protocolVersion } from '@recordcast/protocol/control'
import { newEventId } from '@recordcast/protocol/wire'
import {
  announceSource,
  answerAt,
  ask,
  type Broker,
  openRegistry,
  sourceKey,
  withdrawListener,
  withdrawSource,
} from '@recordcast/registry'
import { type Announced, announced } from './announced.js'
import { answer, type Knowledge } from './answer.js'
import { factOf } from './fact.js'
import { createIntake, type Intake } from './intake.js'
import type { Wanting } from './match.js'

/** A source's standing among the services: announced, answering, following who listens. */
export interface Membership {
  /** Asks the owners of queues that are gone to put them back; gives the queues that are there again. */
  heal(gone: readonly string[], wanting: readonly Wanting[]): Promise<readonly string[]>
  /** Undefined, or what an emit has to wait for while the empty board cannot be believed; rejects with registry-suspect-empty. */
  suspicion(): Promise<void> | undefined
  /** Facts that do not parse and stand set aside now. */
  setAside(): number
  leave(): Promise<void>
}

export interface MembershipParts
  extends Pick<Knowledge, 'service' | 'owned' | 'directory' | 'recent' | 'decisions' | 'stats'> {
  readonly broker: Broker
}

interface Opened {
  readonly registry: Awaited<ReturnType<typeof openRegistry<Announced>>>
  readonly intake: Intake
}

/** Milliseconds that a listener gets to put its queue back, and a verdict waits for a fact to arrive. Where no listener is left the transport says so at once; one that is there may be busy, and so may its broker. */
const askMs = 15_000
const arrivalMs = 4_000
const suspicionMs = 5_000

/*
Start: answer at the own address, announce on `sources`, and only then replay `listeners` to its end. A listener does it the other way about: it writes its fact on
`listeners` and then reads `sources`. Each writes before it reads, so of a source and a listener that start at the same instant at least one sees the other:
either the replay holds the fact, or the listener finds the source and asks it, and the answer waits until the fact has been taken in.

A board without a single listener while queues of this namespace exist is not believed: somebody lost the board, not the listeners. Emits then wait a while for the
first fact, which live listeners put back because they saw this source appear, and reject with registry-suspect-empty if none comes.
*/
export async function openMembership(parts: MembershipParts): Promise<Membership> {
  const { service, broker, owned, directory } = parts
  const { transport, clock, random, logger } = broker
  const instance = newEventId(clock.now(), random)
  let ready = (_: Opened): void => undefined
  const opened = new Promise<Opened>((resolve) => {
    ready = resolve
  })

  const verdicts: Knowledge['verdicts'] = async ({ key, set }) => {
    const { registry, intake } = await opened
    const arrived = await registry.until(({ listeners }) => listeners.get(key)?.set === set, arrivalMs)
    if (arrived) intake.hurry(key)
    const taken = arrived ? directory.taken(key) : undefined
    if (taken !== undefined) return taken.verdicts
    throw new RecordcastError('announcement-invalid', `The announcement ${key} has not arrived at "${service}"`)
  }
  const fact = factOf(service, instance, owned, clock.now())
  const knowledge: Knowledge = { ...parts, instance, clock, began: clock.now(), settled: opened, verdicts }

  const undo: (() => Promise<void>)[] = []
  const leave = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) {
      await step().catch((error: unknown) => logger.warn({ error, service }, 'A source could not leave cleanly'))
    }
  }
  try {
    const responder = await answerAt(transport, fact.address, (request) => answer(request, knowledge))
    undo.push(() => responder.stop())
    await announceSource(transport, fact)
    undo.push(() => withdrawSource(transport, fact))
    const registry = await openRegistry({
      transport,
      clock,
      shortenListener: announced,
      onSetAside: (error) => logger.warn({ error }, 'An announcement was set aside'),
    })
    undo.push(() => registry.stop())
    const standing = (): ReadonlyMap<string, Announced> => registry.snapshot().listeners
    const intake = createIntake({ directory, clock, standing })
    undo.push(async () => intake.stop())
    const ownKey = sourceKey(fact)
    const ended = registry.onChange(({ after, listeners, sources }) => {
      if (listeners.size > 0) intake.take(listeners)
      if (!sources.has(ownKey) || after.sources.has(ownKey)) return
      announceSource(transport, fact).catch((error: unknown) =>
        logger.error({ error }, 'A source could not announce itself again'),
      )
    })
    undo.push(async () => ended())
    // What was withdrawn while the source was stopped is nobody's any more.
    intake.take([...standing().keys(), ...directory.keys()])
    await intake.settled()
    ready({ registry, intake })
    const lost = standing().size === 0 && ((await transport.listQueues()) ?? []).length > 0
    if (lost) logger.warn({ service, code: 'registry-suspect-empty' }, 'There are queues, but no listener on the board')
    let suspect = lost
    return {
      suspicion() {
        if (!suspect) return undefined
        return registry
          .until(({ listeners }) => listeners.size > 0, suspicionMs)
          .then(async (found) => {
            if (found) {
              await intake.settled()
              suspect = false
              return
            }
            throw new RecordcastError(
              'registry-suspect-empty',
              'There are queues of listeners in this namespace, but no listener stands on the board: the board was lost, not the listeners',
              { expected: 'at least one listener to announce itself again, or the queues to be dropped' },
            )
          })
      },
      setAside: () => registry.snapshot().setAside.size,
      heal: (gone, wanting) => healQueues(broker, gone, wanting),
      leave,
    }
  } catch (error) {
    await leave()
    throw error
  }
}

async function healQueues(
  { transport, logger }: Broker,
  gone: readonly string[],
  wanting: readonly Wanting[],
): Promise<readonly string[]> {
  const facts = new Map(wanting.map(({ entry }) => [entry.fact.queue, entry.fact]))
  const back = await Promise.all(
    gone.map(async (queue) => {
      const fact = facts.get(queue)
      if (fact === undefined) return []
      try {
        await ask(transport, fact.address, { v: protocolVersion, kind: 'alive' }, askMs)
        return [queue]
      } catch (error) {
        // An instance queue ends with its instance: without either, the fact is what a killed process left behind.
        const nobody = (error as { code?: unknown }).code === 'nobody-there'
        if (nobody && fact.delivery === 'each') {
          await withdrawListener(transport, fact).catch((cause: unknown) =>
            logger.warn({ cause }, 'A dead fact could not be withdrawn'),
          )
        }
        return []
      }
    }),
  )
  return back.flat()
}
