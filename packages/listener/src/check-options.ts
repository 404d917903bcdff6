import { RecordcastError } from '@recordcast/protocol'
import { checkName, encodeName, listenerId } from '@recordcast/protocol/names'
import type { Broker } from '@recordcast/registry'
import { guarded, type Telemetry } from '@recordcast/registry/telemetry'
import { rememberHandled } from './dedup.js'
import type { DedupStore, ListenerOptions } from './options.js'
import type { RetryPolicy } from './settle.js'

/** The options of a listener, checked, with the defaults filled in. */
export interface Settings {
  readonly broker: Broker
  readonly service: string
  /** `service` or `service.name`. */
  readonly listener: string
  readonly delivery: 'shared' | 'each'
  readonly concurrency: number
  readonly retry: RetryPolicy
  /** Deliveries without a verdict after which an event is parked. */
  readonly mostUnanswered: number
  readonly timeoutMs: number
  readonly missing: 'retry' | 'allow'
  readonly dedup: DedupStore
  readonly stopTimeoutMs: number
  readonly askTimeoutMs: number
  readonly telemetry: Telemetry | undefined
}

const longestWait = 2 ** 31 - 1
const defaultDelays = [1000, 5000, 30_000, 120_000, 600_000]

/** Leaves room in the 200 bytes of an address for an instance, a set and the separators. */
const longestListener = 144

/** @throws RecordcastError invalid-options, naming the option, what was found and what would do. */
export function checkOptions(options: ListenerOptions): Settings {
  if (typeof options !== 'object' || options === null) throw invalid('', options, 'an object with service and broker')
  const { broker, retry = {}, dedup = {} } = options
  const service = checkName('service', options.service)
  const name = options.name === undefined ? undefined : checkName('name', options.name)
  const listener = listenerId(service, name)
  if (encodeName(listener).length > longestListener) {
    throw invalid(
      'name',
      listener,
      `a service and a name that take at most ${longestListener} bytes together when encoded`,
    )
  }
  if (typeof broker?.transport?.consume !== 'function' || typeof broker.clock?.after !== 'function') {
    throw invalid('broker', broker === undefined ? undefined : typeof broker, 'a broker made by connect')
  }
  if (typeof retry !== 'object' || retry === null) throw invalid('retry', retry, 'an object')
  if (typeof dedup !== 'object' || dedup === null) throw invalid('dedup', dedup, 'an object')
  const max = count('dedup/max', dedup.max, 10_000)
  const ttlMs = wait('dedup/ttlMs', dedup.ttlMs, 600_000)
  return {
    broker,
    service,
    listener,
    delivery: oneOf('delivery', options.delivery, ['shared', 'each']),
    concurrency: count('concurrency', options.concurrency, 16),
    retry: { delaysMs: delays(retry.delaysMs), jitter: share('retry/jitter', retry.jitter, 0.2) },
    mostUnanswered: count('retry/unanswered', retry.unanswered, 20),
    timeoutMs: wait('timeoutMs', options.timeoutMs, 30_000),
    missing: oneOf('missing', options.missing, ['retry', 'allow']),
    dedup: dedup.store === undefined ? rememberHandled(broker.clock, max, ttlMs) : store(dedup.store),
    stopTimeoutMs: wait('stopTimeoutMs', options.stopTimeoutMs, 30_000),
    askTimeoutMs: wait('askTimeoutMs', options.askTimeoutMs, 5000),
    telemetry: guarded(options.telemetry ?? broker.telemetry, broker.logger),
  }
}

function invalid(path: string, found: unknown, expected: string): RecordcastError {
  const subject = path === '' ? 'The options of createListener' : `createListener: ${path.replace('/', '.')}`
  return new RecordcastError('invalid-options', `${subject} must be ${expected}`, { path: `/${path}`, found, expected })
}

function number(path: string, value: unknown, least: number, most: number, expected: string): number {
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw invalid(path, typeof value === 'number' ? String(value) : value, expected)
}

function wait(path: string, value: unknown, otherwise: number): number {
  return value === undefined ? otherwise : number(path, value, 1, longestWait, 'milliseconds from 1 to 2,147,483,647')
}

function share(path: string, value: unknown, otherwise: number): number {
  return value === undefined ? otherwise : number(path, value, 0, 1, 'a number from 0 to 1')
}

function count(path: string, value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise
  const expected = 'a whole number of at least 1'
  if (!Number.isSafeInteger(value)) throw invalid(path, typeof value === 'number' ? String(value) : value, expected)
  return number(path, value, 1, Number.MAX_SAFE_INTEGER, expected)
}

function oneOf<T extends string>(path: string, value: unknown, choices: readonly [T, T]): T {
  if (value === undefined) return choices[0]
  const choice = choices.find((each) => each === value)
  if (choice === undefined) throw invalid(path, value, choices.map((each) => `'${each}'`).join(' or '))
  return choice
}

function delays(value: unknown): readonly number[] {
  if (value === undefined) return defaultDelays
  if (!Array.isArray(value)) throw invalid('retry/delaysMs', value, 'a list of milliseconds')
  return value.map((delay: unknown, index) =>
    number(`retry/delaysMs/${index}`, delay, 0, longestWait, 'milliseconds from 0 to 2,147,483,647'),
  )
}

function store(value: unknown): DedupStore {
  const { has, add } = value as Partial<DedupStore>
  if (typeof has === 'function' && typeof add === 'function') return value as DedupStore
  throw invalid('dedup/store', typeof value, 'an object with has(key) and add(key)')
}
