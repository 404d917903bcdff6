import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkOptions } from '../options.js'
import { brokerUrl, leftOut } from '../testdata/broker.js'
import { openChannel } from './channel.js'
import { dial, type Line } from './dial.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

describe.skipIf(leftOut)('a channel', () => {
  async function line(): Promise<Line> {
    const stands = await dial(
      checkOptions({ url: brokerUrl }),
      brokerUrl,
      'test',
      new AbortController().signal,
      () => {},
    )
    onTestFinished(() => stands.close())
    return stands
  }

  test('that is closed is forgotten, though its connection lasts', async () => {
    const stands = await line()
    const seen: WeakRef<object>[] = []
    for (let n = 0; n < 20; n++) {
      const opened = await openChannel(stands, 'plain')
      seen.push(new WeakRef(opened.channel))
      await opened.close()
    }
    // What amqplib itself keeps of the last one is let go by the next.
    await (await openChannel(stands, 'plain')).close()
    const left = (): number => seen.filter((channel) => channel.deref() !== undefined).length
    for (let look = 0; look < 50 && left() > 1; look++) {
      await new Promise((resolve) => setImmediate(resolve))
      collect()
    }
    expect(left()).toBeLessThanOrEqual(1)
  })

  test('ends with its connection, also one that is opened in the moment of its end', async () => {
    const stands = await line()
    const opened = await openChannel(stands, 'confirm')
    const opening = openChannel(stands, 'plain').then(
      ({ ended }) => ended,
      () => undefined,
    )
    const told: string[] = []
    stands.onLost(() => void told.push('heard'))
    stands.onLost(() => void told.push('not any more'))()
    await stands.close()
    await opened.ended
    expect(opened.closed).toBe(true)
    await opening
    await new Promise<void>((resolve) => void stands.onLost(() => resolve()))
    expect(told).toEqual(['heard'])
  })
})
