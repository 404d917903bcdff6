import { setMaxListeners } from 'node:events'
import { type EventType, RecordcastError } from '@recordcast/protocol'
import { newEventId } from '@recordcast/protocol/wire'
import { guarded } from '@recordcast/registry/telemetry'
import { systemClock } from '@recordcast/transport'
import { candidates } from './candidates.js'
import { type CheckedEmit, checkEmit, noOptions } from './check-emit.js'
import { checkFacts } from './check-facts.js'
import { checkOptions } from './check-options.js'
import { Decision } from './decision.js'
import { Decisions } from './decisions.js'
import { createDirectory } from './directory.js'
import { capture, copyImages } from './emitted.js'
import { findRecord } from './find-record.js'
import { Latecomers } from './latecomers.js'
import { openMembership } from './membership.js'
import { type ObservedOptions, observeEmit, observeLoaders, stepsOf } from './observe.js'
import type { EmitOptions, EmitResult, Source, SourceOptions, SourceStats } from './options.js'
import { createOwnedRecords, type OwnedRecord } from './owned.js'
import { createRecent } from './recent.js'
import { createSender } from './send.js'
import { Sending } from './sending.js'
import { collectStats, newCounts } from './stats.js'
import { createTurns } from './turns.js'
import { createWindow } from './window.js'

/*
idle --start--> starting --> started --stop--> stopping --> stopped
        ^          |fails
        +----------+

emit works while started. stop lets every emit that has begun come to its end, confirmed or rejected, and only then takes the announcement off.
A stopped source can be started again: it comes back as another instance.
*/
type State = 'idle' | 'starting' | 'started' | 'stopping' | 'stopped'

type Checked = [type: EventType, record: OwnedRecord, checked: CheckedEmit, emit: EmitOptions]

/**
 * Makes a source: the service that owns records and emits their events.
 *
 * @throws RecordcastError invalid-options
 */
export function createSource(options: SourceOptions): Source {
  checkOptions(options)
  const { service, broker, tenancy, timeoutMs = 30_000 } = options
  const { clock, random, transport } = broker
  const telemetry = guarded(options.telemetry ?? broker.telemetry, broker.logger)
  const directory = createDirectory(() => owned)
  const wanted = (record: string, link: string | undefined) => directory.wanted(record, link)
  const owned = createOwnedRecords(options.records, clock, wanted, observeLoaders(service, telemetry))
  const recent = createRecent(options.recent ?? 1000)
  const decisions = new Decisions(options.decisions?.keep ?? 1000, options.decisions?.sample ?? 1)
  const window = createWindow(options.maxInFlight)
  const turns = createTurns()
  const latecomers = new Latecomers()
  // A clock or dice of the caller's own make ids that can be repeated; else the quicker way.
  const given = clock !== systemClock || random !== Math.random
  const newId = (): string => (given ? newEventId(clock.now(), random) : newEventId())
  const counts = newCounts()
  let state: State = 'idle'
  let membership: Awaited<ReturnType<typeof openMembership>> | undefined
  let ending = new AbortController()

  const send = createSender({
    broker,
    owned,
    directory,
    recent,
    window,
    counts,
    timeoutMs,
    ending: () => ending.signal,
    heal: (gone, wanting) => membership!.heal(gone, wanting),
  })

  const stats = (): SourceStats => collectStats(counts, directory, owned, membership?.setAside() ?? 0)

  /** A result without a promise has ended; with one, `done` is called when it has. */
  const accept = (
    type: EventType,
    record: OwnedRecord,
    checked: CheckedEmit,
    emit: EmitOptions,
    done: () => void,
  ): EmitResult | Promise<EmitResult> => {
    counts.emitted++
    const topic = directory.emitted(type.name)
    owned.forget(record.name, emit.tenant, checked.subject)
    const id = emit.id ?? newId()
    if (topic === undefined) {
      counts.unwanted++
      if (decisions.isDue()) {
        const at = emit.id === undefined ? undefined : clock.now()
        decisions.add(id, type.name, checked.subject, emit.tenant, at, undefined)
      }
      return { id, delivered: [], gone: [] }
    }
    const now = clock.now()
    const emitted = capture(type, record, checked, emit, { id, now, source: service })
    const decision = decisions.isDue() ? new Decision(emitted, now) : undefined
    if (decision !== undefined) decisions.add(id, type.name, checked.subject, emit.tenant, now, decision)
    const found = candidates(emitted, topic, decision)
    if (found.entries.length === 0) return { id, delivered: [], gone: [] }
    decision?.candidates(found.entries)
    const turn = turns.take(keyOf(record, checked, emit))
    const steps = telemetry && (emit as ObservedOptions)[stepsOf]
    return send(new Sending(emitted, topic, turn, done, { decision, steps }), found)
  }

  /** The caller may change the facts meanwhile, and emits on. */
  const acceptLater = (waiting: Promise<void> | undefined, ...event: Checked): Promise<EmitResult> => {
    const [type, record, checked, given] = event
    const ready = waiting?.then(() => membership!.suspicion())
    // The copy may throw first; then nobody else hears of it.
    ready?.catch(() => undefined)
    const copied = { ...checked, ...copyImages(checked) }
    const key = keyOf(record, checked, given)
    return latecomers.follow(key, ready, () => accept(type, record, copied, given, () => undefined))
  }

  const emit: Source['emit'] = (type, facts, given = noOptions) => {
    let done: (() => void) | undefined
    try {
      if (state !== 'started') throw notRunning(service, state)
      const record = findRecord(type, owned, service)
      const checked = checkEmit(type, facts, given, tenancy)
      done = window.begin()
      const waiting = checkFacts(type, checked, record) ?? membership!.suspicion()
      if (waiting !== undefined || (latecomers.any && latecomers.has(keyOf(record, checked, given))))
        return acceptLater(waiting, type, record, checked, given).finally(done)
      const result = accept(type, record, checked, given, done)
      if (result instanceof Promise) return result
      done()
      return Promise.resolve(result)
    } catch (error) {
      done?.()
      return Promise.reject(error)
    }
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
        membership = await openMembership({ service, broker, owned, directory, recent, decisions, stats })
        state = 'started'
      } catch (error) {
        state = 'idle'
        throw error
      }
    },
    emit:
      telemetry === undefined
        ? emit
        : observeEmit(emit, { service, owned, transport: transport.name, clock, telemetry }),
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
    stats,
  }
}

/** Could two records have one text, they would only wait for each other. */
function keyOf({ name }: OwnedRecord, { subject }: CheckedEmit, { tenant = '' }: EmitOptions): string {
  return `${name} ${tenant}\u0000${subject}`
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
