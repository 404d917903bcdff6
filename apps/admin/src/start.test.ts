import { type AddressInfo, createServer } from 'node:net'
import { announceListener, silentLogger } from '@recordcast/registry'
import { connect } from 'recordcast'
import { expect, onTestFinished, test } from 'vitest'
import { startAdmin } from './index.js'
import { facts, issue, people, soon } from './testdata/stage.js'
import { readTokens } from './tokens.js'

let buses = 0

async function started(options: Partial<Parameters<typeof startAdmin>[0]> = {}) {
  const url = `memory://start-test-${++buses}`
  const join = async () => {
    const broker = await connect(url, { logger: silentLogger })
    onTestFinished(() => broker.close())
    return broker
  }
  const admin = await startAdmin({ broker: await join(), port: 0, busyAfterMs: 0, ...options })
  onTestFinished(() => admin.close())
  return { admin, join }
}

test('an address beyond loopback is refused without tokens, before anything listens', async () => {
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org'])
    await expect(started({ host })).rejects.toMatchObject({ code: 'invalid-options', path: '/host', found: host })
  const tokens = readTokens('operator olga 0123456789abcdef')
  const { admin } = await started({ host: '0.0.0.0', tokens })
  const { port } = new URL(admin.url)
  expect((await fetch(`http://127.0.0.1:${port}/api/me`)).status).toBe(401)
  const authorization = 'Bearer 0123456789abcdef'
  expect(await (await fetch(`http://127.0.0.1:${port}/api/me`, { headers: { authorization } })).json()).toEqual({
    role: 'operator',
    by: 'olga',
  })
})

test('a port that is taken rejects with the reason of the system, and nothing stays open', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void taken.close())
  await expect(started({ port: (taken.address() as AddressInfo).port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

/** Reads server-sent events until it is told to stop. */
async function listen(url: string) {
  const ending = new AbortController()
  const answer = await fetch(url, { signal: ending.signal })
  const events: { type: string; data: Record<string, unknown> }[] = []
  const reading = (async () => {
    let text = ''
    for await (const bytes of answer.body ?? []) {
      text += new TextDecoder().decode(bytes as Uint8Array)
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const [, type, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? []
        if (type !== undefined && data !== undefined) events.push({ type, data: JSON.parse(data) })
      }
    }
  })().catch(() => undefined)
  return { answer, events, reading, end: () => ending.abort() }
}

test('the stream tells live who comes, what was decided and what operators do, and ends with the server', async () => {
  const { admin, join } = await started()
  const stream = await listen(`${admin.url}/api/events/stream`)
  expect(stream.answer.headers.get('content-type')).toBe('text/event-stream')
  expect(stream.answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  const { source } = await people(join)
  const types = () => stream.events.map(({ type, data }) => `${type} ${data.name ?? ''}${data.change ?? ''}`)
  await soon(() => expect(types()).toEqual(expect.arrayContaining(['listener notifiercame', 'source forgecame'])))
  // A source's log is told from its next reading on.
  await soon(async () => {
    await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: 'T' } })
    expect(types()).toContain('decision ')
  })
  const headers = { 'content-type': 'application/json' }
  await fetch(`${admin.url}/api/listeners/notifier/pause`, { method: 'POST', headers, body: '{}' })
  await soon(() => expect(stream.events.at(-1)).toMatchObject({ type: expect.stringMatching(/audit|pause/) }))
  await admin.close()
  await stream.reading
  await expect(fetch(`${admin.url}/health/live`)).rejects.toThrow()
})

test('who leaves a stream is no longer told, and the hundred and first is refused', async () => {
  const { admin } = await started()
  const streams = await Promise.all(Array.from({ length: 100 }, () => listen(`${admin.url}/api/events/stream`)))
  const more = await fetch(`${admin.url}/api/events/stream`)
  expect(await more.json()).toMatchObject({ status: 503, code: 'overloaded' })
  for (const stream of streams) stream.end()
  await soon(async () => {
    const again = await listen(`${admin.url}/api/events/stream`)
    again.end()
    expect(again.answer.status).toBe(200)
  })
})

test('metrics are in the form of Prometheus, with bounded labels and what was counted', async () => {
  const { admin, join } = await started()
  const { source } = await people(join)
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: 'T' } })
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, state: 'closed' } })
  await soon(async () => {
    const listener = await (await fetch(`${admin.url}/api/listeners/notifier`)).json()
    expect(listener).toMatchObject({ depth: { parked: 1 } })
  })
  const text = await (await fetch(`${admin.url}/metrics`)).text()
  const samples = new Map<string, number>()
  const helped = new Set<string>()
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const help = /^# (?:HELP|TYPE) ([a-z0-9_]+) /.exec(line)
    if (help?.[1] !== undefined) helped.add(help[1])
    else {
      const [, name = '', labels = '', value] = /^([a-z0-9_]+)(\{.*\})? (\S+)$/.exec(line) ?? []
      expect({ line, isHelped: helped.has(name.replace(/_(bucket|sum|count)$/, '')) || helped.has(name) }).toEqual({
        line,
        isHelped: true,
      })
      samples.set(name + labels, Number(value))
    }
  }
  expect(Object.fromEntries(samples)).toMatchObject({
    'recordcast_emits_total{service="forge"}': 2,
    'recordcast_publishes_confirmed_total{service="forge"}': 1,
    'recordcast_deliveries_total{queue="notifier"}': 1,
    'recordcast_suppressed_total{queue="notifier",reason="filter"}': 1,
    'recordcast_queue_messages{queue="notifier",state="parked"}': 1,
    'recordcast_listener_parked_total{queue="notifier"}': 1,
    'recordcast_board_facts{board="listeners"}': 1,
    'recordcast_registry_lag_subscriptions{service="forge"}': 0,
  })
  const counters = [...helped].filter((name) => text.includes(`# TYPE ${name} counter`))
  expect(counters.filter((name) => !name.endsWith('_total'))).toEqual([])
  expect([...helped].join()).toContain('recordcast_admin_nodejs_eventloop_lag_seconds')
})

test('of more than 200 queues those that get most have a label of their own, and the rest is summed up', async () => {
  const { admin, join } = await started()
  const { source } = await people(join)
  const { transport } = await join()
  for (let index = 0; index < 204; index++) {
    const queue = `crowd-${index}`
    await transport.declare(queue)
    await announceListener(transport, {
      ...{
        v: 1,
        kind: 'listener',
        service: queue,
        listener: queue,
        queue,
        delivery: 'shared',
        set: 'one',
        generation: 1,
      },
      ...{ address: `listener/${queue}/one`, since: '2026-01-02' },
      subscriptions: [{ event: 'issue.created', attributes: ['title'], tenants: 'all' }],
    })
  }
  await soon(async () => {
    const { delivered } = await source.emit(issue.created, { id: '7', after: facts })
    expect(delivered).toHaveLength(204)
  })
  const text = await (await fetch(`${admin.url}/metrics`)).text()
  const deliveries = [...text.matchAll(/^recordcast_deliveries_total\{queue="(.*)"\} (\d+)$/gm)]
  expect(deliveries).toHaveLength(201)
  expect(deliveries.map(([, queue]) => queue)).toContain('other')
  expect(deliveries.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(source.stats().published)
  expect(text.match(/^recordcast_queue_messages\{.*state="ready"/gm)?.length).toBeLessThanOrEqual(200)
})
