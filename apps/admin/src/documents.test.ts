import { Parser } from '@asyncapi/parser'
import { shapes } from '@recordcast/operator/shapes'
import { Validator } from '@seriousme/openapi-schema-validator'
import { createListener, createSource, defineRecord } from 'recordcast'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { facts, issue, people, soon, stage } from './testdata/stage.js'

type Document = {
  openapi: string
  paths: Record<string, Record<string, { summary?: string; responses?: Record<string, unknown> }>>
  components: { schemas: object }
}

test('the OpenAPI document is valid 3.1 by an official validator, and tells of every route', async () => {
  const { get } = await stage()
  const document = (await get('/docs/json')).json() as Document
  expect(document.openapi).toBe('3.1.0')
  const verdict = await new Validator().validate(document as never)
  expect(verdict).toMatchObject({ valid: true })
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) => ({ route: `${method} ${path}`, summary })),
  )
  expect(routes.filter(({ summary }) => summary === undefined)).toEqual([])
  expect(routes.map(({ route }) => route)).toEqual(
    expect.arrayContaining([
      'get /api/listeners/{queue}',
      'post /api/listeners/{queue}/replay',
      'delete /api/listeners/{queue}',
      'post /api/explain',
      'get /api/events/stream',
      'get /metrics',
    ]),
  )
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(['listener', 'explain', 'problemBody']),
  )
  const text = JSON.stringify(document)
  const examples = ['notifier', 'issue.changed', 'author.login', 'billing.audit']
  expect(examples.filter((example) => !text.includes(`"examples":["${example}"]`))).toEqual([])
})

test('a validator that passes everything would not do: a document without paths fails', async () => {
  const verdict = await new Validator().validate({ openapi: '3.1.0', info: { title: 'x' } } as never)
  expect(verdict).toMatchObject({ valid: false })
})

/** A bus with schemas that a document has to be careful with. */
async function odd() {
  const staged = await stage()
  await people(staged.join)
  const node = z.object({
    label: z.string(),
    get next() {
      return node.optional()
    },
  })
  const tree = defineRecord('tree', node)
  const source = createSource({
    service: 'wood/land ü',
    broker: await staged.join(),
    records: [{ type: tree, events: ['felled'] }],
  })
  await source.start()
  const listener = createListener({ service: 'carpenter', name: 'a b', broker: await staged.join() })
  listener.on(
    tree.event('felled'),
    { attributes: ['label', 'next.label'], where: { label: ['oak'] } },
    async () => undefined,
  )
  await listener.start()
  onTestFinished(async () => {
    await listener.stop()
    await source.stop()
  })
  await soon(async () => expect((await staged.get('/api/sources')).json().total).toBe(2))
  return staged
}

test('the AsyncAPI document is valid 3.0 by the official parser, also where names and schemas are odd', async () => {
  const { get } = await odd()
  const text = (await get('/api/asyncapi.json')).body
  const { document, diagnostics } = await new Parser().parse(text)
  expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([])
  expect(document?.version()).toBe('3.0.0')
  const operations = document
    ?.operations()
    .all()
    .map((operation) => `${operation.action()} ${operation.json().title}`)
  expect(operations).toEqual(
    expect.arrayContaining([
      'send wood/land ü emits tree.felled',
      'receive carpenter.a b listens to tree.felled',
      'receive notifier listens to issue.changed',
    ]),
  )
  const broken = await new Parser().parse(text.replace('"action":"send"', '"action":"sing"'))
  expect(broken.diagnostics.filter(({ severity }) => severity === 0)).not.toEqual([])
})

test('what is told from the boards alone is told once while they stay', async () => {
  const { get, join } = await stage()
  for (const url of ['/api/asyncapi.json', '/api/subscriptions?limit=5']) {
    const first = await get(url)
    const again = await get(url, { 'if-none-match': first.headers.etag })
    expect({ url, status: again.statusCode, body: again.body }).toEqual({ url, status: 304, body: '' })
  }
  const before = (await get('/api/asyncapi.json')).headers.etag
  await people(join)
  await soon(async () => expect((await get('/api/asyncapi.json', { 'if-none-match': before })).statusCode).toBe(200))
  const [one, two] = [await get('/api/subscriptions'), await get('/api/subscriptions?limit=5')]
  expect(one.headers.etag).not.toBe(two.headers.etag)
})

test('every answer is what its shape says, to the last field', async () => {
  const { get, send, join } = await stage()
  const { source } = await people(join)
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: 'T' } }, { id: 'e1' })
  await soon(async () => expect((await get('/api/listeners/notifier/parked')).json().total).toBe(1))
  const told: readonly [keyof typeof shapes, string][] = [
    ['subscriptions', '/api/subscriptions'],
    ['listeners', '/api/listeners'],
    ['listener', '/api/listeners/notifier'],
    ['sources', '/api/sources'],
    ['source', '/api/sources/forge'],
    ['bus', '/api/bus'],
    ['orphans', '/api/orphans'],
    ['attributes', '/api/attributes?record=issue'],
    ['impact', '/api/impact?record=issue&remove=title,state'],
    ['parked', '/api/listeners/notifier/parked'],
    ['parkedMessage', '/api/listeners/notifier/parked/e1'],
    ['catalogue', '/api/catalogue'],
  ]
  for (const [name, url] of told) {
    const answer = await get(url)
    expect({ url, status: answer.statusCode }).toEqual({ url, status: 200 })
    // What a shape does not name is dropped when it is read: nothing may be.
    expect({ url, told: shapes[name].parse(answer.json()) }).toEqual({ url, told: answer.json() })
  }
  const explained = await send('POST', '/api/explain', { listener: 'notifier', event: 'e1' })
  expect(shapes.explain.parse(explained.json())).toEqual(explained.json())
  const replayed = await send('POST', '/api/listeners/notifier/replay', { which: { ids: ['e1'] }, dryRun: true })
  expect(shapes.replay.parse(replayed.json())).toEqual(replayed.json())
  const paused = await send('POST', '/api/listeners/notifier/pause')
  expect(shapes.pause.parse(paused.json())).toEqual(paused.json())
})
