import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import * as client from 'prom-client'
import { connect, createListener } from 'recordcast'
import { openTelemetry } from 'recordcast/opentelemetry'
import { prometheus } from 'recordcast/prometheus'
import { afterEach, expect, test } from 'vitest'
import { cleanups, closing, forge, issue } from './forge.js'
import { newUrl, watchedBus } from './watched-bus.js'

const ends = cleanups()
afterEach(() => ends.run())

test('the same counts and times go to prom-client and to OpenTelemetry', async () => {
  const register = new client.Registry()
  const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter: exported, exportIntervalMillis: 2 ** 30 })
  const meterProvider = new MeterProvider({ readers: [reader] })
  ends.add(() => meterProvider.shutdown())
  const prom = prometheus(client, register).metrics!
  const otel = openTelemetry({ meterProvider }).metrics!
  let failing = true
  const { source, seen } = await watchedBus(
    ends,
    {
      metrics: {
        count: (...told) => [prom, otel].map((each) => each.count(...told)),
        observe: (...told) => [prom, otel].map((each) => each.observe(...told)),
      },
    },
    () => {
      if (failing) throw new Error('not yet')
    },
  )
  await source.emit(issue.changed, closing('7'))
  await seen.until(1)
  failing = false
  await seen.until(2)
  await source.emit(issue.changed, { ...closing('8'), after: closing('8').before })
  await source.emit(issue.event('odd'), { id: '9', title: 'T' })
  await source.emit(issue.changed, { id: '' } as never).catch(() => undefined)
  const value = async (name: string, labels: Record<string, string>): Promise<number | undefined> => {
    const points = (await register.getMetricsAsJSON()).flatMap((metric) =>
      metric.values.map((each) => ({ metricName: metric.name, ...each })),
    )
    const fits = (own: object): boolean =>
      Object.entries({ ...own, ...labels }).every(([key, each]) => (own as typeof labels)[key] === each)
    return points.find((point) => point.metricName === name && fits(point.labels))?.value
  }
  const forgeOf = (event: string, outcome: string) => ({ service: 'forge', event, outcome })
  expect(await value('recordcast_emits_total', forgeOf('issue.changed', 'delivered'))).toBe(1)
  expect(await value('recordcast_emits_total', forgeOf('issue.changed', 'unwanted'))).toBe(1)
  expect(await value('recordcast_emits_total', forgeOf('issue.changed', 'failed'))).toBe(1)
  expect(await value('recordcast_emits_total', forgeOf('issue.*', 'unwanted'))).toBe(1)
  expect(await value('recordcast_publishes_total', forgeOf('issue.changed', 'confirmed'))).toBe(1)
  expect(await value('recordcast_loader_keys_total', { loader: 'issue.author', outcome: 'loaded' })).toBe(1)
  expect(await value('recordcast_loader_duration_seconds_count', { loader: 'issue.author' })).toBe(1)
  const deliveries = { listener: 'notifier', event: 'issue.changed' }
  await expect.poll(() => value('recordcast_deliveries_total', { ...deliveries, outcome: 'handled' })).toBe(1)
  expect(await value('recordcast_deliveries_total', { ...deliveries, outcome: 'retried' })).toBe(1)
  expect(await value('recordcast_handler_duration_seconds_count', deliveries)).toBe(2)
  await reader.forceFlush()
  const read = exported.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics: all }) => all))
  const emits = read.find(({ descriptor }) => descriptor.name === 'recordcast_emits_total')!
  expect(emits.dataPoints.map((point) => [point.attributes.outcome, point.value]).sort()).toEqual([
    ['delivered', 1],
    ['failed', 1],
    ['unwanted', 1],
    ['unwanted', 1],
  ])
})

test('metrics that throw harm nothing but themselves, and telemetry that is none is refused', async () => {
  const logged: string[] = []
  const url = newUrl()
  const log = (_: object, message: string) => void logged.push(message)
  const fail = () => {
    throw new Error('full')
  }
  const broker = await connect(url, {
    logger: { debug: log, info: log, warn: log, error: log },
    telemetry: { metrics: { count: fail, observe: fail } },
  })
  ends.add(() => broker.close())
  const source = forge(broker)
  ends.add(() => source.stop())
  await source.start()
  for (const id of ['7', '8']) expect((await source.emit(issue.changed, closing(id))).delivered).toEqual([])
  expect(logged.filter((message) => message.includes('metrics')).length).toBe(1)
  const wrong = { metrics: { count: 7 } } as never
  expect(() => createListener({ service: 'l', broker, telemetry: wrong })).toThrow(
    expect.objectContaining({ code: 'invalid-options', path: '/telemetry' }),
  )
})
