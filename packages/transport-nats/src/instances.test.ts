import { afterAll, expect, test } from 'vitest'
import { broker, scratchNamespace, withBroker } from './testdata/broker.js'
import { openProxy } from './testdata/proxy.js'
import { message, until } from './testdata/until.js'

withBroker('instance queues', () => {
  const scratch = scratchNamespace()
  afterAll(() => scratch.tidy())

  test('the janitor takes the queue of a dead transport with its shelf, and leaves those of the living', async () => {
    const proxy = await openProxy(broker.host, broker.port)
    const [dying, living] = [await scratch.open({ url: proxy.url, ackWaitMs: 1000 }), await scratch.open()]
    await dying.consume('dying', { concurrency: 1, lifetime: 'instance' }, async () => ({
      do: 'park',
      why: 'to make a shelf',
    }))
    await living.declare('living', { lifetime: 'instance' })
    await living.publish(['dying'], message('m'))
    await until('the shelf stands', async () => (await living.inspect('dying'))?.parked === 1)
    proxy.mode = 'refuse'
    proxy.reset()
    const janitor = await scratch.open({ instanceGraceMs: 600 })
    await until('it is gone', async () => (await janitor.inspect('dying')) === undefined)
    await until('so is its shelf', async () => (await janitor.inspect('dying!parked')) === undefined)
    expect(await janitor.inspect('living')).toBeDefined()
    expect(await janitor.listQueues()).toEqual([])
    await dying.close()
    await proxy.close()
  })

  test('a queue whose owner is dead changes hands with its messages; one whose owner lives does not', async () => {
    const proxy = await openProxy(broker.host, broker.port)
    const [dying, heir] = [await scratch.open({ url: proxy.url }), await scratch.open()]
    await dying.declare('handed', { lifetime: 'instance' })
    await dying.publish(['handed'], message('m'))
    await expect(heir.declare('handed', { lifetime: 'instance' })).rejects.toMatchObject({ code: 'invalid-argument' })
    proxy.mode = 'refuse'
    proxy.reset()
    await until('it is taken over', () =>
      heir.declare('handed', { lifetime: 'instance' }).then(
        () => true,
        () => false,
      ),
    )
    expect((await heir.inspect('handed'))?.ready).toBe(1)
    await dying.close()
    await proxy.close()
  })
})
