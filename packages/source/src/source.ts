import { setMaxListeners } from 'node:events'
import { type EventType, RecordcastError } from '@recordcast/protocol'
import { newEventId } from '@recordcast/protocol/wire'
import { systemClock } from '@recordcast/transport'
import { checkEmit } from './check-emit.js'
import { checkFacts } from './check-facts.js'
import { checkOptions } from './check-options.js'
import { createDirectory } from './directory.js'
import { capture, type Emitted } from './emitted.js'
import { candidates, decide } from './match.js'
import { openMembership } from './membership.js'
import type { EmitOptions, EmitResult, Source, SourceOptions } from './options.js'
import { createOwnedRecords, type OwnedRecord } from './owned.js'
import { project } from './project.js'
import { publish } from './publish.js'
import { createRecent } from './recent.js'
import { collectStats } from './stats.js'
import { createTurns, type Turn } from './turns.js'
import { createWindow } from './window.js'

/*
idle --start--> starting --> started --stop--> stopping --> stopped
        ^          |fails
        +----------+

emit works while started. stop lets every emit that has begun come to its end, confirmed or rejected, and only then takes the announcement off.
A stopped source can be started again: it comes back as another instance.
*/
type State = 'idle' | 'starting' | 'started' | 'stopping' | 'stopped'

/**
 * Makes a source: the service that owns records and emits their events.
 *
 * @throws RecordcastError invalid-options
 */
export function createSource(options: SourceOptions): Source {
  checkOptions(options)
  const { service, broker, tenancy, timeoutMs = 30_000 } = options
  const { clock, random, logger } = broker
  const directory = createDirectory(() => owned)
  const owned = createOwnedRecords(options.records, clock, (record, link) => directory.wanted(record, link))
  const recent = createRecent(options.recent ?? 1000)
  const window = createWindow(options.maxInFlight)
  const turns = createTurns()
  // A clock or dice of the caller's own make ids that can be repeated; else the quicker way.
  const given = clock !== systemClock || random !== Math.random
  const newId = (): string => (given ? newEventId(clock.now(), random) : newEventId())
  const counts = { emitted: 0, unwanted: 0, published: 0, projections: 0, publishRetries: 0 }
  let state: State = 'idle'
  let membership: Awaited<ReturnType<typeof openMembership>> | undefined
  let ending = new AbortController()

  const send = async (emitted: Emitted, entries: ReturnType<typeof candidates>, turn: Turn): Promise<EmitResult> => {
    const following = { owned, tenant: emitted.tenant, memo: new Map() }
    const decided = decide(emitted, entries, following)
    const wanting = decided instanceof Promise ? await decided : decided
    if (wanting.length === 0) return { id: emitted.id, delivered: [], gone: [] }
    const projections = await project(emitted, wanting, directory, following)
    recent.add(emitted)
    counts.projections += projections.length
    const bytes = projections.reduce((sum, { message, queues }) => sum + message.body.length * queues.length, 0)
    const release = window.takeBytes(bytes)
    const policy = { timeoutMs, onRetry: () => counts.publishRetries++, signal: ending.signal }
    try {
      if (turn.before !== undefined) await turn.before
      let { delivered, gone } = await publish(projections, broker, policy, turn)
      if (gone.length > 0) {
        const back = await membership!.heal(gone, wanting)
        if (back.length > 0) {
          const again = projections.map((each) => ({
            ...each,
            queues: each.queues.filter((queue) => back.includes(queue)),
          }))
          const second = await publish(
            again.filter(({ queues }) => queues.length > 0),
            broker,
            policy,
            turn,
          )
          delivered = [...delivered, ...second.delivered].sort()
          gone = [...gone.filter((queue) => !back.includes(queue)), ...second.gone].sort()
        }
        for (const queue of gone)
          logger.warn({ queue, event: emitted.id }, 'The queue of a subscribed listener is gone')
      }
      const reached = new Set(delivered)
      for (const { entry } of wanting) if (reached.has(entry.fact.queue)) entry.counts.delivered++
      counts.published += delivered.length
      return { id: emitted.id, delivered, gone }
    } finally {
      release()
    }
  }

  const accept = (type: EventType, record: OwnedRecord, checked: ReturnType<typeof checkEmit>, emit: EmitOptions) => {
    counts.emitted++
    directory.count(type.name)
    owned.forget(record.name, emit.tenant, checked.subject)
    const id = emit.id ?? newId()
    const topic = directory.topic(type.name)
    if (topic === undefined) {
      counts.unwanted++
      return { id, delivered: [], gone: [] }
    }
    const emitted = capture(type, record, checked, emit, { id, now: clock.now(), source: service })
    const entries = candidates(emitted, topic)
    if (entries.length === 0) return { id, delivered: [], gone: [] }
    const turn = turns.take(JSON.stringify([record.name, emit.tenant ?? null, checked.subject]))
    return send(emitted, entries, turn).finally(turn.done)
  }

  return {
    async start() {
      if (state !== 'idle' && state !== 'stopped') {
        throw new RecordcastError('already-started', `Source "${service}" is ${state}; start it once`)
      }
      state = 'starting'
      ending = new AbortController()
      setMaxListeners(0, ending.signal)
      try {
        membership = await openMembership({ service, broker, owned, directory, recent })
        state = 'started'
      } catch (error) {
        state = 'idle'
        throw error
      }
    },
    async emit(type, facts, emit = {}) {
      if (state !== 'started') throw notRunning(service, state)
      const record = ownedRecord(type)
      const checked = checkEmit(type, facts, emit, tenancy)
      const done = window.begin()
      try {
        const waiting = checkFacts(type, checked, record.linkNames)
        if (waiting !== undefined) await waiting
        const suspicion = membership!.suspicion()
        if (suspicion !== undefined) await suspicion
        return await accept(type, record, checked, emit)
      } finally {
        done()
      }
    },
    async stop() {
      if (state !== 'started') {
        if (state === 'idle') state = 'stopped'
        return
      }
      state = 'stopping'
      const callOff = clock.after(timeoutMs, () => ending.abort())
      await window.empty()
      callOff()
      await membership!.leave()
      state = 'stopped'
    },
    stats: () => collectStats(counts, directory, owned, membership?.setAside() ?? 0),
  }

  function ownedRecord(type: EventType): OwnedRecord {
    const record = owned.get(type?.record?.name)
    if (record === undefined) {
      const expected = `an event of ${owned.names.join(', ')}`
      throw new RecordcastError(
        'unknown-record-type',
        `Source "${service}" does not own the record of ${String(type?.name)}`,
        {
          found: type?.name,
          expected,
        },
      )
    }
    const { events } = record.options
    const usual = type.kind === 'created' || type.kind === 'changed' || type.kind === 'deleted'
    if (usual || events === undefined || events.includes(type.kind)) return record
    throw new RecordcastError(
      'unknown-event-type',
      `Record type "${record.name}" was not declared with event "${type.kind}"`,
      {
        found: type.name,
        expected: `one of ${events.join(', ')}, created, changed, deleted`,
      },
    )
  }
}

function notRunning(service: string, state: State): RecordcastError {
  if (state === 'idle' || state === 'starting') {
    return new RecordcastError(
      'not-started',
      `Source "${service}" is not started; await source.start() before the first emit`,
    )
  }
  return new RecordcastError('stopped', `Source "${service}" is ${state} and takes no more events`)
}
