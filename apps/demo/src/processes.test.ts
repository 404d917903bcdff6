import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { connect } from 'recordcast'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { cast } from './listeners/cast.js'
import { isAlive, pidsIn, startMain } from './testdata/run-main.js'

/*
The demo as people start it, from its dist, on the brokers of this machine. The boards of a namespace cannot be taken away with the SDK,
so each checkout has one namespace that it uses again, and leaves no queue in it.
*/
const { RECORDCAST_TRANSPORTS: chosen, RECORDCAST_AMQP_URL: amqp, RECORDCAST_NATS_URL: nats } = process.env
const brokers = {
  nats: nats ?? 'nats://127.0.0.1:4222',
  amqp: amqp ?? 'amqp://guest:guest@127.0.0.1:5672',
}
const namespace = `test-demo-${createHash('sha256')
  .update(import.meta.url)
  .digest('hex')
  .slice(0, 8)}`
const slow = 120_000

function start(...args: readonly string[]) {
  const main = startMain(...args)
  onTestFinished(() => main.end())
  return main
}

for (const [name, url] of Object.entries(brokers)) {
  const leftOut = chosen !== undefined && chosen !== '' && !chosen.split(',').some((each) => each.trim() === name)
  const title = `the demo in several processes on ${name}`
  describe.skipIf(leftOut)(leftOut ? `${title} (skipped: RECORDCAST_TRANSPORTS is ${chosen})` : title, () => {
    beforeAll(() => unsubscribeAll(url), slow)
    afterAll(() => unsubscribeAll(url), slow)
    const onBroker = (...args: readonly string[]) => start('--broker', url, '--namespace', namespace, ...args)

    test(
      'every listener and the source has a process, all that was delivered was handled, and no queue stays',
      async () => {
        const { code, stdout, stderr } = await onBroker('--payloads', '40').ended
        expect(stderr).toBe('')
        expect(code).toBe(0)
        expect(stdout.match(/was there before the source, which read [1-9]/g)!.length).toBeGreaterThanOrEqual(2)
        expect(stdout.match(/found forge on the board and asked: accepted [1-9]/g)!.length).toBeGreaterThanOrEqual(2)
        expect(stdout).toMatch(/joined after 21 events, found forge and asked: accepted [1-9]/)
        const pids = pidsIn(stdout)
        expect(new Set(pids).size).toBe(pids.length)
        // Nine listeners, one of them twice, and the source.
        expect(pids).toHaveLength(11)
        expect(stdout).toMatch(/^Checked: handlers were called [1-9]\d* times, as often as the source delivered/m)
        expect(stdout).toMatch(/^Everybody unsubscribed: (\d+) of \1 queues are gone/m)
        expect(pids.filter(isAlive)).toEqual([])
        expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([])
      },
      slow,
    )

    test(
      'Ctrl-C ends a replay that follows with the report, and everybody stops',
      async () => {
        const main = onBroker('--follow', '--admin-port', '0')
        await main.printed(/^ {2}billing +deployment\.created/m)
        main.interrupt()
        const { code, stdout, stderr } = await main.ended
        expect(stderr).toBe('')
        expect(code).toBe(0)
        expect(stdout).toMatch(/^Checked: handlers were called [1-9]/m)
        expect(pidsIn(stdout).filter(isAlive)).toEqual([])
      },
      slow,
    )

    test(
      'a listener that is killed is told, and the others are stopped',
      async () => {
        const main = onBroker('--follow', '--admin-port', '0')
        const [pid] = await main.printed(/^ {2}notifier .*\(pid (\d+),[\s\S]*joined after/m)
        process.kill(Number(pid), 'SIGKILL')
        const { code, stdout, stderr } = await main.ended
        expect(code).toBe(1)
        expect(stderr).toBe(`The demo failed: notifier (process ${pid}) was killed by SIGKILL\n`)
        expect(stdout).not.toMatch(/Checked|Does not add up/)
        expect(pidsIn(stdout).filter(isAlive)).toEqual([])
      },
      slow,
    )
  })
}

test(
  'a broker that cannot be reached is told in one line, without the password',
  async () => {
    const port = await freePort()
    const urls = ['nats', 'amqp'].map((scheme) => `${scheme}://somebody:hush-hush@127.0.0.1:${port}`)
    for (const { code, stderr, stdout } of await Promise.all(urls.map((url) => start('--broker', url).ended))) {
      expect(code).toBe(1)
      expect(stdout).toBe('')
      expect(stderr).toMatch(new RegExp(`^The demo failed: .*127\\.0\\.0\\.1:${port}.*\n$`))
      expect(stderr).not.toContain('hush')
    }
  },
  slow,
)

test('a scheme that is not known is told in one line, without the password', async () => {
  const { code, stderr } = await start('--broker', 'kafka://somebody:hush-hush@127.0.0.1').ended
  expect(code).toBe(1)
  expect(stderr).toMatch(/^The demo failed: .*"kafka:".*nats:\/\/.*\n$/)
  expect(stderr).not.toContain('hush')
})

test('a role is not for people to play', async () => {
  const { code, stderr } = await start('--role', 'notifier').ended
  expect({ code, stderr }).toEqual({ code: 2, stderr: '--role is for processes that the demo starts itself\n' })
})

/** Of a run that was cut off a listener may still be subscribed, with events in its queue. */
async function unsubscribeAll(url: string): Promise<void> {
  const broker = await connect(url, { namespace })
  try {
    const members = Object.values(cast)
      .flat()
      .map(({ create }) => create({ broker, see: () => undefined }))
    await Promise.all(members.map(({ listener }) => listener.unsubscribe()))
  } finally {
    await broker.close()
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
