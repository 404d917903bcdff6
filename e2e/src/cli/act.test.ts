import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assertNothingLeft } from '../brokers/leftovers.js'
import { waitUntil } from '../brokers/wait-until.js'
import { closing, issue } from '../scenarios/forge.js'
import { wants } from '../testdata/transports.js'
import { jsonOf, openRig, type Rig } from './testdata/rig.js'
import { hasTerminal } from './testdata/run-cli.js'

/* What the command line does to a bus: parked messages, pauses, withdrawals, events of its own and those of others. */
for (const name of ['nats', 'amqp'] as const) {
  describe.skipIf(!wants(name))(`acting on the bus on ${name}`, { timeout: 60_000 }, () => {
    let rig: Rig
    beforeAll(async () => {
      rig = await openRig(name)
    }, 90_000)
    afterAll(async () => {
      await rig?.ends.run()
      await assertNothingLeft()
    }, 60_000)

    const parkedAt = (queue: string, count: number) =>
      waitUntil(async () => (await rig.witness.inspect(queue))?.parked === count, {
        ...{ what: `${count} parked messages of ${queue}`, timeoutMs: 20_000 },
      })
    const emitParked = async (...ids: readonly string[]): Promise<void> => {
      for (const id of ids) await rig.source.emit(issue.changed, closing(id), { id: `event-${id}` })
    }

    test('a parked message is found, looked at, replayed, and seen handled', async () => {
      await emitParked('1', '2')
      await parkedAt('picky', 2)
      const overview = await rig.cli(['parked', 'ls'])
      expect(overview.stdout).toMatch(/^picky +2 +0 +running$/m)
      const list = await rig.json('parked', ['parked', 'ls', 'picky'])
      expect(list.groups).toMatchObject([{ code: 'handler-failed', count: 2, types: ['issue.changed'] }])
      expect(list.items.map(({ id, attempts }) => [id, attempts]).sort()).toEqual([
        ['event-1', 1],
        ['event-2', 1],
      ])
      const whole = await rig.json('parkedMessage', ['parked', 'show', 'picky', 'event-1'])
      expect(whole.message).toBe('Error: cannot take event-1')
      expect(whole.stack).toContain('rig.ts')

      const dry = await rig.json('replay', ['parked', 'replay', 'picky', '--all', '--dry-run'])
      expect(dry).toMatchObject({ dryRun: true, selected: 2, replayed: 0 })
      rig.picky.broken = false
      const one = await rig.json('replay', ['parked', 'replay', 'picky', '--id', 'event-1', '--yes', '--by', 'ann'])
      expect(one).toMatchObject({ dryRun: false, replayed: 1, failures: 0 })
      expect(await rig.handled.until(1)).toEqual(['event-1'])
      const rest = await rig.cli(['parked', 'replay', 'picky', '--code', 'handler-failed', '-y'])
      expect(rest).toMatchObject({ code: 0, stdout: '1 message of picky was replayed.\n' })
      expect(await rig.handled.until(2)).toEqual(['event-1', 'event-2'])
      rig.picky.broken = true
      await parkedAt('picky', 0)
    })

    test('a drop wants the name once more; nothing goes before', async () => {
      await emitParked('3', '4')
      await parkedAt('picky', 2)
      const args = ['parked', 'drop', 'picky', '--all']
      const bare = await rig.cli(args)
      expect(bare).toMatchObject({ code: 2, stdout: '' })
      expect(bare.stderr).toMatch(
        /^2 of the 2 parked messages.*\nerror: Dropping 2 messages cannot be taken back \(usage\)\n {2}expected: --confirm picky\n$/,
      )
      const wrong = await rig.cli([...args, '--confirm', 'notifier'])
      expect(wrong).toMatchObject({ code: 2, stdout: '' })
      await parkedAt('picky', 2)
      expect(await rig.json('replay', [...args, '--confirm', 'picky'])).toMatchObject({ action: 'drop', dropped: 2 })
      await parkedAt('picky', 0)
    })

    test('a replay without somebody to ask wants --yes, and one of an id that is not there ends with 4', async () => {
      await emitParked('5')
      await parkedAt('picky', 1)
      const bare = await rig.cli(['parked', 'replay', 'picky', '--all'])
      expect(bare).toMatchObject({ code: 2, stdout: '' })
      expect(bare.stderr).toContain('expected: --yes, or --dry-run to look only')
      const stranger = await rig.cli(['parked', 'replay', 'picky', '--id', 'event-9', '--yes'])
      expect(stranger).toMatchObject({ code: 4, stdout: '' })
      expect(stranger.stderr).toContain('(unknown-message)')
      await parkedAt('picky', 1)
      expect((await rig.cli(['parked', 'drop', 'picky', '--all', '--confirm', 'picky'])).code).toBe(0)
    })

    test('Ctrl-C ends a slow replay after the message at hand, and tells what was done', async () => {
      await emitParked('6', '7', '8', '9')
      await parkedAt('picky', 4)
      rig.picky.broken = false
      const before = rig.handled.items.length
      const replay = rig.start(['parked', 'replay', 'picky', '--all', '--yes', '--per-second', '0.2', '--json'])
      await rig.handled.until(before + 1)
      await replay.kill('SIGINT')
      const { code, stdout } = await replay.ended
      expect({ code, report: JSON.parse(stdout) }).toMatchObject({ code: 130, report: { replayed: 1, failures: 0 } })
      await parkedAt('picky', 3)
      expect((await rig.cli(['parked', 'replay', 'picky', '--all', '--yes'])).code).toBe(0)
      await rig.handled.until(before + 4)
      rig.picky.broken = true
    }, 90_000)

    test('a paused listener handles nothing until it is resumed', async () => {
      const paused = await rig.json('pause', ['pause', 'notifier', '--by', 'ann'])
      expect(paused).toMatchObject({ queue: 'notifier', paused: true, by: 'ann' })
      expect((await rig.cli(['ls', 'listeners', '--search', 'notif'])).stdout).toMatch(/^notifier +paused /m)
      const before = rig.listeners.notifier.stats().handled
      await waitUntil(() => rig.listeners.notifier.stats().paused, { what: 'the pause to be heard' })
      await rig.source.emit(issue.changed, closing('40'))
      await waitUntil(async () => (await rig.witness.inspect('notifier'))?.ready === 1, {
        what: 'the event in the queue',
      })
      expect(rig.listeners.notifier.stats().handled).toBe(before)
      expect((await rig.json('pause', ['resume', 'notifier'])).paused).toBe(false)
      await waitUntil(() => rig.listeners.notifier.stats().handled === before + 1, {
        what: 'the event handled',
      })
    })

    test('a listener that runs is not withdrawn; one that has stopped is, with its queue', async () => {
      const alive = await rig.cli(['withdraw', 'search.index', '--confirm', 'search.index'])
      expect(alive).toMatchObject({ code: 1, stdout: '' })
      expect(alive.stderr).toContain('(listener-alive)')
      await rig.listeners.search.stop()
      expect(await rig.json('withdraw', ['withdraw', 'search.index', '--dry-run'])).toMatchObject({
        withdrawn: false,
        facts: 1,
      })
      const unsure = await rig.cli(['withdraw', 'search.index'])
      expect(unsure).toMatchObject({ code: 2, stdout: '' })
      expect(await rig.json('withdraw', ['withdraw', 'search.index', '--confirm', 'search.index'])).toMatchObject({
        withdrawn: true,
      })
      expect(await rig.witness.inspect('search.index')).toBeUndefined()
      expect((await rig.cli(['show', 'search.index'])).code).toBe(4)
      await rig.listeners.search.start()
    })

    test.skipIf(!hasTerminal)(
      'at a terminal somebody is asked, tables fit it, and Ctrl-C and Ctrl-D mean no',
      async () => {
        const { stdout } = await rig.start(['ls'], { columns: 72 }).ended
        expect(stdout).toContain('\u001b[1mnotifier')
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are taken out
        const lines = stdout.replace(/\u001b\[\d+m/g, '').split('\r\n')
        expect(lines.filter((line) => line.length > 72)).toEqual([])
        expect((await rig.start(['ls', '--no-color'], { columns: 72 }).ended).stdout).not.toContain('\u001b[1m')
        await rig.witness.declare('left')
        for (const [typed, code] of [
          ['\u0003', 130],
          ['\u0004', 130],
          ['right\r', 2],
          ['left\r', 0],
        ] as const) {
          expect(await rig.witness.inspect('left')).toBeDefined()
          const withdraw = rig.start(['withdraw', 'left'], { columns: 100 })
          await withdraw.told('stdout', /Type "left" to go on/)
          withdraw.type(typed)
          expect((await withdraw.ended).code, JSON.stringify(typed)).toBe(code)
        }
        expect(await rig.witness.inspect('left')).toBeUndefined()
      },
    )

    test('tail prints what emit emits, with a filter, and leaves neither queue nor subscription', async () => {
      const where = JSON.stringify({ state: ['closed'] })
      const tail = rig.start(['tail', 'issue.changed', 'title', 'author.login', '--where', where, '--json'])
      await tail.told('stderr', /Listening to issue\.changed of forge/)
      const { items } = await rig.json('listeners', ['ls', 'listeners', '--search', 'tail'])
      expect(items).toMatchObject([{ listener: 'recordcast-cli.tail', delivery: 'each' }])

      await rig.source.emit(issue.changed, { id: '50', after: closing('50').before })
      const after = JSON.stringify({ title: 'By hand', state: 'closed', author: { login: 'ann' } })
      const emitted = jsonOf(
        await rig.cli(['emit', 'issue.changed', '51', '--after', after, '--user', 'bob', '--json']),
      )
      expect(emitted).toMatchObject({ delivered: expect.arrayContaining([items[0]?.queue, 'notifier']), gone: [] })
      await tail.told('stdout', /\n/)
      await tail.kill('SIGINT')
      const { code, stdout } = await tail.ended
      expect(code).toBe(0)
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)
      expect(lines).toMatchObject([
        {
          ...{ type: 'issue.changed', record: '51', source: 'recordcast-emit', user: 'bob', missing: [] },
          data: { title: 'By hand', 'author.login': 'ann' },
        },
      ])
      expect((await rig.json('listeners', ['ls', 'listeners', '--search', 'tail'])).total).toBe(0)
      expect((await rig.json('sources', ['ls', 'sources'])).items.map(({ service }) => service)).toEqual(['forge'])
      const { queues, facts } = await rig.json('orphans', ['orphans'])
      expect({ queues: queues ?? [], facts }).toEqual({ queues: [], facts: [] })
      await rig.cli(['parked', 'drop', 'picky', '--all', '--confirm', 'picky'])
    })

    test('tail ends by itself after --count, and cuts nothing off where no terminal is', async () => {
      const tail = rig.start(['tail', 'issue.created', 'title', '--count', '2'])
      await tail.told('stderr', /Listening/)
      const title = 'x'.repeat(300)
      for (const id of ['60', '61', '62']) {
        await rig.source.emit(issue.created, { id, after: { title, state: 'open', authorId: '1' } })
      }
      const { code, stdout } = await tail.ended
      expect(code).toBe(0)
      expect(stdout.split('\n').map((line) => line.replace(/^\S+ \S+ {2}/, ''))).toEqual([
        ...['60', '61'].map((id) => `issue.created  ${id}  title="${title}"`),
        '',
      ])
    })

    test('the admin opens on the same bus and closes at Ctrl-C', async () => {
      const admin = rig.start(['admin', '--port', '0', '--json'])
      const { url } = JSON.parse(await admin.told('stdout', /\}\n$/)) as { url: string }
      const answer = await fetch(`${url}/api/listeners`)
      expect(answer.status).toBe(200)
      const { items } = (await answer.json()) as { items: { queue: string }[] }
      expect(items.map(({ queue }) => queue)).toContain('notifier')
      const taken = await rig.cli(['admin', '--port', new URL(url).port])
      expect(taken).toMatchObject({ code: 2, stdout: '' })
      expect(taken.stderr).toMatch(/somebody listens there already \(usage\)\n {2}expected: another --port/)
      await admin.kill('SIGINT')
      expect((await admin.ended).code).toBe(0)
      const open = await rig.cli(['admin', '--host', '0.0.0.0', '--port', '0'])
      expect(open).toMatchObject({ code: 2, stdout: '' })
      expect(open.stderr).toContain('(invalid-options)')
    })
  })
}
