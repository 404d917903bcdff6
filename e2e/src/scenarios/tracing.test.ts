import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { connect, createListener } from 'recordcast'
import { openTelemetry } from 'recordcast/opentelemetry'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { startNats } from '../brokers/nats.js'
import { wants } from '../testdata/transports.js'
import { cleanups, closing, gather, issue } from './forge.js'
import { newUrl, watchedBus } from './watched-bus.js'

const ends = cleanups()
afterEach(() => ends.run())

const exporter = new InMemorySpanExporter()
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterEach(() => exporter.reset())

/** Resolves when so many spans have ended. */
async function spans(count: number): Promise<readonly ReadableSpan[]> {
  await expect.poll(() => exporter.getFinishedSpans().length, { interval: 1, timeout: 10_000 }).toBe(count)
  return exporter.getFinishedSpans()
}

const tree = (all: readonly ReadableSpan[]): string[] => {
  const under = (parent: string | undefined, depth: number): string[] =>
    all
      .filter((span) => (span.parentSpanContext?.spanId ?? undefined) === parent)
      .toSorted((a, b) => Number(a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1]))
      .flatMap((span) => [`${'  '.repeat(depth)}${span.name}`, ...under(span.spanContext().spanId, depth + 1)])
  return under(undefined, 0)
}

async function flows(url?: string): Promise<void> {
  const { source, seen } = await watchedBus(ends, openTelemetry({ tracerProvider }), () => undefined, url)
  const outer = tracerProvider.getTracer('test').startSpan('request')
  const { id } = await context.with(trace.setSpan(context.active(), outer), () =>
    source.emit(issue.changed, closing('7')),
  )
  outer.end()
  const [active] = await seen.until(1)
  const all = await spans(6)
  expect(tree(all)).toEqual([
    'request',
    '  emit issue.changed',
    '    enrich',
    '    publish',
    '    process notifier',
    '      handle issue.changed',
  ])
  expect(new Set(all.map((span) => span.spanContext().traceId)).size).toBe(1)
  const named = (name: string): ReadableSpan => all.find((span) => span.name === name)!
  expect(active).toBe(named('handle issue.changed').spanContext().spanId)
  expect(named('emit issue.changed')).toMatchObject({ kind: 3 })
  expect(named('emit issue.changed').attributes).toMatchObject({
    'messaging.system': 'recordcast',
    'messaging.operation.type': 'send',
    'messaging.operation.name': 'emit',
    'messaging.destination.name': 'issue.changed',
    'messaging.message.id': id,
    'recordcast.queues': 1,
  })
  expect(named('process notifier')).toMatchObject({ kind: 4 })
  expect(named('process notifier').attributes).toMatchObject({
    'messaging.operation.type': 'process',
    'messaging.destination.name': 'notifier',
    'messaging.consumer.group.name': 'notifier',
    'messaging.message.id': id,
    'recordcast.attempt': 1,
    'recordcast.outcome': 'handled',
  })
  expect(JSON.stringify(all.map(({ attributes }) => attributes))).not.toMatch(/user-1|It rains in/)
}

test('a trace flows from the emit through enriching and publishing to the handler', () => flows())

if (wants('nats')) {
  test('a trace flows over NATS as well', async () => {
    const server = await startNats()
    ends.add(() => server.stop())
    await flows(server.url)
  })
} else test.skip('a trace flows over NATS as well: RECORDCAST_TRANSPORTS leaves it out', () => undefined)

test("the emit's own traceparent goes along as it is, and is the parent of both sides", async () => {
  const { source, seen } = await watchedBus(ends, openTelemetry({ tracerProvider }), () => undefined)
  const traceId = 'a'.repeat(32)
  await source.emit(issue.changed, closing('7'), { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` })
  await seen.until(1)
  const all = await spans(5)
  const parents = all.map((span) => span.parentSpanContext?.spanId)
  expect(all.map((span) => span.spanContext().traceId)).toEqual(Array(5).fill(traceId))
  expect(parents.filter((parent) => parent === 'b'.repeat(16)).length).toBe(2)
})

test('a failed attempt is a span that failed, and the next one belongs to the same trace', async () => {
  let attempts = 0
  const { source, seen } = await watchedBus(ends, openTelemetry({ tracerProvider }), () => {
    if (++attempts === 1) throw new Error('not yet')
  })
  await source.emit(issue.changed, closing('7'))
  await seen.until(2)
  const all = await spans(7)
  expect(new Set(all.map((span) => span.spanContext().traceId)).size).toBe(1)
  const processed = all.filter(({ name }) => name === 'process notifier')
  expect(processed.map(({ attributes, status }) => [attributes['recordcast.outcome'], status.code])).toEqual([
    ['retried', 2],
    ['handled', 0],
  ])
  expect(processed[0]!.attributes['error.type']).toBe('handler-failed')
  await expect(source.emit(issue.changed, { id: '' } as never)).rejects.toMatchObject({ code: 'invalid-event' })
  const failed = (await spans(8)).at(-1)!
  expect([failed.name, failed.attributes['error.type']]).toEqual(['emit issue.changed', 'invalid-event'])
})

test("a malformed traceparent is nobody's parent, and one event that nobody traced begins a trace of its own", async () => {
  const url = newUrl()
  const untraced = await watchedBus(ends, {}, () => undefined, url)
  const broker = await connect(url)
  ends.add(() => broker.close())
  const telemetry = openTelemetry({ tracerProvider })
  const traced = createListener({ service: 'traced', broker, telemetry })
  const seen = gather<string>()
  traced.on(issue.changed, { attributes: [] }, ({ id }) => seen.add(id))
  ends.add(() => traced.stop())
  await traced.start()
  await untraced.source.emit(issue.changed, closing('7'))
  for (const [at, traceparent] of [
    'odd',
    `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
    `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  ].entries()) {
    await untraced.source.emit(issue.changed, closing(`${at}`), { traceparent })
  }
  await seen.until(4)
  const all = (await spans(8)).filter(({ name }) => name === 'process traced')
  expect(all.map(({ parentSpanContext }) => parentSpanContext)).toEqual(Array(4).fill(undefined))
})
