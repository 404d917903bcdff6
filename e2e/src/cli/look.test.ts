import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createListener, defineRecord } from 'recordcast'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { assertNothingLeft } from '../brokers/leftovers.js'
import { makeScratch } from '../brokers/scratch.js'
import { closing, issue } from '../scenarios/forge.js'
import { wants } from '../testdata/transports.js'
import { fitted, jsonOf, openRig, type Rig } from './testdata/rig.js'

/* What the command line tells of a bus with a source and three listeners, each command in a process of its own on a private broker. */
for (const name of ['nats', 'amqp'] as const) {
  describe.skipIf(!wants(name))(`looking at the bus on ${name}`, { timeout: 60_000 }, () => {
    let rig: Rig
    let scratch: ReturnType<typeof makeScratch>
    const file = (base: string, content: unknown): string => {
      const path = join(scratch.path, base)
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
      return path
    }
    const text = { type: 'string' }
    const author = { type: 'object', properties: { login: text, mail: text } }
    const without = (...gone: string[]) => ({
      type: 'object',
      properties: Object.fromEntries(
        Object.entries({ title: text, state: text, author }).filter(([key]) => !gone.includes(key)),
      ),
      additionalProperties: false,
    })

    beforeAll(async () => {
      scratch = makeScratch('cli-files')
      rig = await openRig(name)
    }, 90_000)
    afterAll(async () => {
      await rig?.ends.run()
      scratch?.remove()
      await assertNothingLeft()
    }, 60_000)

    test('ls tells who is there, one list by its shape and two together', async () => {
      const both = jsonOf(await rig.cli(['ls', '--json'])) as Record<string, unknown>
      expect(Object.keys(both)).toEqual(['sources', 'listeners'])
      const { items } = fitted('listeners', both.listeners)
      expect(items.map(({ queue, service, events }) => [queue, service, events])).toEqual([
        ['notifier', 'notifier', ['issue.changed']],
        ['picky', 'picky', ['issue.changed']],
        ['search.index', 'search', ['issue.created', 'issue.deleted']],
      ])
      expect(items.every(({ depth }) => depth?.attended)).toBe(true)
      expect(fitted('sources', both.sources).items).toMatchObject([{ service: 'forge', records: ['issue', 'user'] }])
      expect((await rig.json('listeners', ['ls', 'listeners', '--service', 'search'])).total).toBe(1)
      const subscriptions = await rig.json('subscriptions', ['ls', '--attribute', 'author'])
      expect(subscriptions.items.map(({ queue, attributes }) => [queue, attributes])).toEqual([
        ['notifier', ['author.login', 'title']],
        ['picky', ['author.mail', 'title']],
      ])
    })

    test('a list that is cut says so beside it, and the table has a row a listener', async () => {
      const { code, stdout, stderr } = await rig.cli(['ls', 'listeners', '--limit', '2'])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '2 of 3; --limit shows more\n' })
      expect(stdout).toMatch(/^3 listeners\nlistener +state +ready .*\nnotifier +running +0 .*\npicky +running .*\n$/)
    })

    test('show tells of a listener and of a source', async () => {
      const { listener } = jsonOf(await rig.cli(['show', 'search.index', '--json'])) as { listener: unknown }
      expect(fitted('listener', listener).sets[0]?.subscriptions.map(({ event }) => event)).toEqual([
        'issue.created',
        'issue.deleted',
      ])
      const { source } = jsonOf(await rig.cli(['show', 'forge', '--json'])) as { source: unknown }
      expect(fitted('source', source).records.map((record) => record.name)).toEqual(['issue', 'user'])
      const page = await rig.cli(['show', 'notifier'])
      expect(page.stdout).toMatch(/^listener notifier\nqueue +notifier$/m)
      expect(page.stdout).toMatch(/^issue\.changed +author\.login, title +\{"state":\["closed"\]\} +all$/m)
      expect(page.stdout).toMatch(/^forge\/\S+ +issue\.changed +accepted$/m)
    })

    test('attributes tells who reads what, and what nobody reads', async () => {
      const { attributes } = await rig.json('attributes', ['attributes', 'issue'])
      const readersOf = (path: string) =>
        attributes.find((each) => each.path === path)?.readers.map(({ queue, as }) => `${queue} ${as}`)
      expect(readersOf('author.login')).toEqual(['notifier payload'])
      expect(readersOf('state')).toEqual(['notifier filter', 'search.index payload'])
      const unread = await rig.json('attributes', ['attributes', 'user', '--unread'])
      expect(unread.attributes.every(({ readers }) => readers.length === 0)).toBe(true)
    })

    test('impact names exactly who would break and how, and ends with 1', async () => {
      const report = await rig.json('impact', ['impact', 'issue', '--remove', 'author.login'], { code: 1 })
      expect(report.broken).toEqual(['notifier'])
      expect(report.breaks.map(({ queue, event, as, expression }) => [queue, event, as, expression])).toEqual([
        ['notifier', 'issue.changed', 'payload', 'author.login'],
      ])
      const page = await rig.cli(['impact', 'issue', '--remove', 'author.mail', '--remove', 'author.login'])
      expect(page.code).toBe(1)
      expect(page.stdout).toContain('2 of 3 listeners that read issue would break: notifier, picky.')
      expect(page.stdout).toMatch(/^picky +issue\.changed +payload +author\.mail +reads "author\.mail", which goes$/m)
    })

    test('impact of a schema comes from a file or from stdin', async () => {
      const good = await rig.json('impact', ['impact', 'issue', '--schema', file('same.json', without())])
      expect(good.broken).toEqual([])
      const bad = await rig.json('impact', ['impact', 'issue', '--schema', '-'], {
        ...{ code: 1, input: JSON.stringify(without('state')) },
      })
      expect(bad.broken).toEqual(['notifier', 'search.index'])
    })

    test('check holds schemas against everybody, takes the record from = or title or file, and ends with 1', async () => {
      const same = await rig.cli(['check', '--schema', file('issue.schema.json', without()), '--json'])
      expect(jsonOf(same)).toMatchObject({ ok: true, checks: [{ record: 'issue', broken: [] }], new: [] })
      const titled = file('x.json', { ...without('title'), title: 'issue' })
      const broken = jsonOf(await rig.cli(['check', '--schema', titled, '--json']), 1) as { checks: unknown[] }
      expect(fitted('impact', broken.checks[0]).broken).toEqual(['notifier', 'picky', 'search.index'])
      const named = await rig.cli(['check', '--schema', `issue=${file('y.json', without('state'))}`])
      expect(named.code).toBe(1)
      expect(named.stdout).toContain('notifier, search.index')
    })

    test('check does not take a record type that nobody knows for a good one', async () => {
      const args = ['check', '--schema', `isue=${file('z.json', without())}`]
      const { code, stdout, stderr } = await rig.cli(args)
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
      expect(stderr).toMatch(/"isue" \(unknown-record-type\)\n.*\n {2}nearest: issue/)
      expect(jsonOf(await rig.cli([...args, '--allow-new', '--json']))).toEqual({ ok: true, checks: [], new: ['isue'] })
    })

    test('explain tells why an event went or did not, of one that was emitted and of one made up', async () => {
      const { before } = closing('31')
      const { id } = await rig.source.emit(issue.changed, { id: '31', before, after: { ...before, title: 'Other' } })
      const held = await rig.json('explain', ['explain', 'notifier', '--event', id])
      expect(held.fate).toBe('held-back')
      const leaves = held.answers.flatMap(({ answer }) => answer?.filter?.leaves ?? [])
      expect(leaves).toMatchObject([{ path: ['state'], wanted: ['closed'], found: ['open'], held: false }])
      const went = await rig.source.emit(issue.changed, closing('32'))
      expect((await rig.json('explain', ['explain', 'notifier', '--event', went.id])).fate).toBe('delivered')
      const sample = { type: 'issue.changed', subject: '7', after: { title: 'T', state: 'closed', authorId: '1' } }
      const input = JSON.stringify(sample)
      expect((await rig.json('explain', ['explain', 'notifier', '--sample', '-'], { input })).fate).toBe('would-go')
      const page = await rig.cli(['explain', 'notifier', '--event', id])
      expect(page.stdout).toMatch(/^notifier: It was held back$/m)
      expect(page.stdout).toMatch(/^state +closed +open +NO$/m)
    })

    test('explain of an event that nobody remembers ends with 1', async () => {
      expect((await rig.json('explain', ['explain', 'notifier', '--event', 'never'], { code: 1 })).fate).toBe('unknown')
    })

    test('catalogue prints an AsyncAPI document, and its lint ends with 1', async () => {
      expect(jsonOf(await rig.cli(['catalogue']))).toMatchObject({ asyncapi: expect.stringMatching(/^3\./) })
      expect((await rig.json('catalogue', ['catalogue', '--lint'])).lint).toEqual([])
      const ghost = defineRecord('ghost', z.object({ name: z.string() }))
      const hunter = createListener({ service: 'hunter', broker: await rig.join() })
      hunter.on(ghost.created, { attributes: ['name'] }, () => undefined)
      await hunter.start()
      const all = await rig.json('catalogue', ['catalogue', '--lint'], { code: 1 })
      expect(all.lint.map(({ rule, subject }) => `${rule} ${subject}`)).toEqual(['source-gone hunter'])
      const page = await rig.cli(['catalogue', '--lint'])
      expect(page.code).toBe(1)
      expect(page.stdout).toMatch(/^source-gone +hunter /m)
      await hunter.unsubscribe()
    })

    test('orphans finds a queue that nobody listens to any more where the broker can list them, and withdraw takes it away', async () => {
      await rig.witness.declare('left-behind')
      const found = await rig.json('orphans', ['orphans'])
      expect(found.queues?.map(({ queue }) => queue)).toEqual(name === 'nats' ? ['left-behind'] : undefined)
      expect(found.facts).toEqual([])
      const { stdout } = await rig.cli(['orphans'])
      expect(stdout).toMatch(name === 'nats' ? /^left-behind +0 +0 +0$/m : /^This broker cannot list its queues\.$/m)
      const gone = await rig.json('withdraw', ['withdraw', 'left-behind', '--confirm', 'left-behind'])
      expect(gone).toMatchObject({ facts: 0, withdrawn: true })
      expect(await rig.witness.inspect('left-behind')).toBeUndefined()
    })
  })
}
