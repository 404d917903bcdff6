import { createServer, type Server } from 'node:net'
import { createListener, createSource, defineRecord } from 'recordcast'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { freePorts } from '../brokers/free-port.js'
import { assertNothingLeft } from '../brokers/leftovers.js'
import { waitUntil } from '../brokers/wait-until.js'
import { closing, issue } from '../scenarios/forge.js'
import { wants } from '../testdata/transports.js'
import { fitted, jsonOf, openRig, type Rig } from './testdata/rig.js'
import { startCli } from './testdata/run-cli.js'

/* What the command line says when it is given nonsense, when names are hostile, and when somebody goes away. */

const run = (...args: readonly string[]) => startCli(args).ended

describe('without a broker', { timeout: 60_000 }, () => {
  test.each([
    [['ls'], 'No broker is given (usage)', 'RECORDCAST_BROKER'],
    [['ls', '--broker', ''], 'No broker is given (usage)', '--broker'],
    [['ls', '--broker', 'memory://bus'], 'memory: is a bus inside one process', 'amqp://user:password@host:5672'],
    [['ls', '--broker', 'MEMORY:'], 'memory: is a bus inside one process', '@recordcast/operator'],
    [['ls', '--broker', 'kafka://ann:hush-hush@x'], '"kafka:" is no scheme known here', 'nats://'],
    [['ls', '--broker', 'nonsense'], 'is no scheme known here', 'nats://'],
    [['lss'], "unknown command 'lss'", 'Did you mean ls?'],
    [['ls', 'everything'], "'everything' is invalid", 'Allowed choices are sources, listeners, subscriptions'],
    [['ls', '--jsn'], "unknown option '--jsn'", 'Did you mean --json?'],
    [['ls', '--limit', '0'], "'0' is invalid", 'whole number from 1'],
    [['ls', '--timeout', 'soon'], "'soon' is invalid", 'from 0.1'],
    [['show'], "missing required argument 'name'", ''],
    [['show', 'a', 'b'], 'too many arguments', ''],
    [['impact', 'issue'], 'Nothing is said to change', 'either --remove <path> or --schema <file>'],
    [['impact', 'issue', '--remove', 'a', '--schema', 'b'], 'Both --remove and --schema are given', 'either'],
    [['impact', 'issue', '--schema', 'gone.json'], '"gone.json" is not there', 'a file with the schema as JSON'],
    [['check'], "required option '--schema", ''],
    [['explain', 'notifier'], 'It is not said which event is meant', 'either --event <id> or --sample <file>'],
    [['tail', 'issue'], '"issue" is no event type', 'record.kind, such as issue.changed'],
    [['tail', 'issue.changed', '--where', '{"a":'], '--where is no JSON', 'a JSON object'],
    [['emit', 'issue.changed', '7'], 'A changed event needs --after', "--after '{…}'"],
    [['emit', 'issue.changed', '7', '--after', '[1]'], '--after is no JSON object', 'a JSON object'],
    [['emit', 'issue.created', '7', '--after', '{}', '--before', '{}'], 'A created event takes no --before', '--after'],
    [['parked', 'replay', 'x'], 'It is not said which messages are meant', 'one of --id, --code and --all'],
    [['parked', 'replay', 'x', '--all', '--code', 'y'], 'It is not said which messages', 'one of --id'],
    [['completion', 'tcsh'], "'tcsh' is invalid", 'Allowed choices are bash, zsh, fish'],
  ])('%j is refused with 2, saying what would be right', async (args, sentence, right) => {
    const { code, stdout, stderr } = await run(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(sentence)
    expect(stderr).toContain(right)
    expect(stderr).not.toMatch(/hush|^ +at /m)
  })

  test('JSON on stdin that is none is told with where it ends', async () => {
    const args = ['explain', 'notifier', '--sample', '-', '--json']
    const { code, stderr } = await startCli(args, { input: '{"type": nonsense}' }).ended
    expect(code).toBe(2)
    expect(JSON.parse(stderr)).toMatchObject({
      error: {
        code: 'usage',
        message: expect.stringContaining('the event in stdin is no JSON'),
        expected: 'a JSON object',
      },
    })
  })

  test('a broker that is not there ends with 3, without its password', async () => {
    const [port] = await freePorts(1)
    for (const scheme of ['nats', 'amqp']) {
      const { code, stdout, stderr } = await run('ls', '--broker', `${scheme}://ann:hush-hush@127.0.0.1:${port}`)
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
      expect(stderr).toMatch(new RegExp(`^error: .*127\\.0\\.0\\.1:${port}.*\\(connection-lost\\)\n`))
      expect(stderr).not.toContain('hush')
    }
  })

  describe('one that takes connections and says nothing', () => {
    let silent: Server
    const url = (): string => {
      const address = silent.address()
      return `nats://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    }
    beforeAll(async () => {
      silent = createServer((socket) => socket.on('error', () => undefined).resume())
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    })
    afterAll(() => new Promise((resolve) => silent.close(resolve)))

    test('ends with 3 after the time that was given', async () => {
      const { code, stdout, stderr } = await run('ls', '--broker', url(), '--timeout', '1')
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
      expect(stderr).toContain('Connecting to the broker took longer than 1 s (broker-away)')
    })

    test('ends with 130 at Ctrl-C', async () => {
      const connected = new Promise((resolve) => silent.once('connection', resolve))
      const cli = startCli(['ls', '--broker', url(), '--timeout', '600'])
      await connected
      await cli.kill('SIGINT')
      const { code, stdout } = await cli.ended
      expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    })
  })
})

describe.skipIf(!wants('nats'))('on a bus', { timeout: 60_000 }, () => {
  let rig: Rig
  beforeAll(async () => {
    rig = await openRig('nats')
  }, 90_000)
  afterAll(async () => {
    await rig?.ends.run()
    await assertNothingLeft()
  }, 60_000)

  test.each([
    [['show', 'notifer'], 'There is neither a listener nor a source "notifer" (unknown-listener)', 'nearest: notifier'],
    [['parked', 'ls', 'pikky'], '(unknown-listener)', 'nearest: picky'],
    [['pause', 'search'], '(unknown-listener)', 'nearest: search.index'],
    [['withdraw', 'nobody', '--dry-run'], '(unknown-listener)', 'expected:'],
    [['attributes', 'isue'], '(unknown-record-type)', 'nearest: issue'],
    [['impact', 'issue', '--remove', 'titel'], '(unknown-attribute)', 'nearest: title'],
    [['tail', 'issue.changed', 'titel'], 'There is no attribute "titel"; nearest: title (subscription-refused)', ''],
    [['parked', 'show', 'picky', '../../etc/passwd'], '(unknown-message)', 'the id of a parked message'],
    [['show', '__proto__'], '(unknown-listener)', ''],
    [['show', '\u001b[31mred'], 'There is neither a listener nor a source "\\u001b[31mred"', ''],
    [['show', 'a/../../b'], '(unknown-listener)', ''],
  ])('%j ends with 4 and the nearest names', async (args, sentence, right) => {
    const { code, stdout, stderr } = await rig.cli(args)
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain(sentence)
    expect(stderr).toContain(right)
    expect(stderr).not.toContain('\u001b')
  })

  test.each([
    [['explain', 'notifier', '--event', ''], 'invalid-request'],
    [['impact', 'issue', '--remove', ''], 'invalid-request'],
    [['impact', 'issue', '--remove', 'a[]{b}'], 'expression-syntax'],
    [['tail', 'issue.changed', 'title['], 'expression-syntax'],
    [['tail', 'issue.changed', '--where', '{"state":"closed"}'], 'invalid-pattern'],
    [['ls', '--namespace', 'a\u0001b'], 'invalid-options'],
    [['emit', 'issue.changed', '', '--after', '{}'], 'invalid-event'],
  ])('%j ends with 2 and its code', async (args, code) => {
    const ended = await rig.cli([...args, '--json'])
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 2, stdout: '' })
    // The error is the last line, whatever was said before.
    expect(JSON.parse(ended.stderr.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ error: { code } })
  })

  test('a name as long as an argument may be is not found, and one that no event can have is refused', async () => {
    const { code, stderr } = await rig.cli(['show', 'x'.repeat(100_000)])
    expect(code).toBe(4)
    expect(stderr).toContain('(unknown-listener)')
    expect((await rig.cli(['explain', 'notifier', '--event', 'x'.repeat(300)])).code).toBe(2)
  })

  test('hostile names and messages reach no terminal, and come back whole as JSON', async () => {
    const service = 'Ä\u202e/../%41 *'
    const title = '\u001b]0;owned\u0007\u009b31m'
    const listener = createListener({ service, broker: await rig.join(), retry: { delaysMs: [] } })
    listener.on(issue.created, { attributes: ['title'] }, ({ data }) => {
      throw new Error(data.title)
    })
    await listener.start()
    await rig.source.emit(issue.created, { id: '\u001b[2J', after: { title, state: 'open', authorId: '1' } })
    const { items } = await rig.json('listeners', ['ls', 'listeners', '--service', service])
    const queue = items[0]?.queue ?? ''
    await waitUntil(async () => (await rig.witness.inspect(queue))?.parked === 1, { what: 'the parked message' })
    for (const args of [
      ['ls'],
      ['show', service],
      ['parked', 'ls', service],
      ['ls', '--json'],
      ['parked', 'ls', queue, '--json'],
    ]) {
      const { code, stdout, stderr } = await rig.cli(args)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    }
    const parked = fitted('parked', jsonOf(await rig.cli(['parked', 'ls', service, '--json'])))
    expect(parked.items[0]).toMatchObject({
      message: expect.stringContaining('owned'),
      event: { subject: '\u001b[2J' },
    })
    expect(items[0]?.service).toBe(service)
    await listener.unsubscribe()
  })

  test('a reader who goes away ends tail without a complaint, and its queue goes with it', async () => {
    const tail = rig.start(['tail', 'issue.changed', 'title'])
    await tail.told('stderr', /Listening/)
    tail.stopReading()
    // The first event finds the pipe closed.
    await rig.source.emit(issue.changed, closing('70'))
    const { code, stderr } = await tail.ended
    expect(code).toBe(0)
    expect(stderr).toMatch(/^Listening[^\n]*\n$/)
    expect((await rig.json('listeners', ['ls', 'listeners', '--search', 'tail'])).total).toBe(0)
  })

  test('what a record type calls sensitive is masked, in what tail prints and in a parked message', async () => {
    const badge = defineRecord('badge', z.object({ name: z.string(), pin: z.string() }))
    const source = createSource({
      ...{ service: 'vault', broker: await rig.join(), records: [{ type: badge, sensitive: ['pin'] }] },
    })
    await source.start()
    const gate = createListener({ service: 'gate', broker: await rig.join(), retry: { delaysMs: [] } })
    gate.on(badge.created, { attributes: ['name', 'pin'] }, () => {
      throw new Error('closed')
    })
    await gate.start()
    const tail = rig.start(['tail', 'badge.created', 'name', 'pin', "pin!'none'", '--json', '--count', '1'])
    await tail.told('stderr', /Listening to badge\.created of vault/)
    await source.emit(badge.created, { id: '7', after: { name: 'ann', pin: '4711' } }, { id: 'badge-7' })
    const { stdout } = await tail.ended
    expect(JSON.parse(stdout)).toMatchObject({ data: { name: 'ann', pin: '***', "pin!'none'": '***' } })
    await waitUntil(async () => (await rig.witness.inspect('gate'))?.parked === 1, { what: 'the parked message' })
    const parked = await rig.json('parkedMessage', ['parked', 'show', 'gate', 'badge-7'])
    expect(parked).toMatchObject({ masked: 'some', data: { name: 'ann', pin: '***' } })
    await gate.unsubscribe()
    await source.stop()
  })

  test('tail says when its broker goes away, and still ends at Ctrl-C', async () => {
    const tail = rig.start(['tail', 'issue.changed', 'title'])
    await tail.told('stderr', /Listening/)
    const [node] = rig.nodes
    await node?.kill()
    await tail.told('stderr', /NATS.*disconnected/)
    await tail.kill('SIGINT')
    expect((await tail.ended).code).toBe(0)
    await node?.restart()
    await node?.whenUp()
  })
})
