import type { Delivery, Transport } from '@recordcast/transport'
import { createMemoryTransport } from '@recordcast/transport-memory'
import { expect, test } from 'vitest'
import { createStage, issue } from './testdata/stage.js'

/*
What a delivery costs on its way to a handler, counted, whatever the machine.
*/

type Handle = Parameters<Transport['consume']>[2]

/** A transport that counts how often its deliveries' signals are asked for. */
function counting(transport: Transport) {
  const count = { deliveries: 0, signals: 0 }
  const counted = (handle: Handle): Handle => {
    return (delivery) => {
      count.deliveries++
      return handle(
        new Proxy(delivery, {
          get(target, name: keyof Delivery) {
            if (name === 'signal') count.signals++
            return target[name]
          },
        }),
      )
    }
  }
  const proxy = new Proxy(transport, {
    get(target, name: keyof Transport) {
      if (name === 'consume') {
        return (...[queue, options, handle]: Parameters<Transport['consume']>) =>
          target.consume(queue, options, counted(handle))
      }
      return typeof target[name] === 'function' ? target[name].bind(target) : target[name]
    },
  })
  return { transport: proxy, count }
}

test.each([
  ['gives no promise', () => undefined, 0],
  ['gives a promise', async () => undefined, 0],
  ['reads its signal', async (_: unknown, context: { signal: AbortSignal }) => context.signal.aborted, 1],
])('a handler that %s costs no more signals than it asks for, and leaves no timer', async (_, handler, asked) => {
  const stage = createStage()
  const { transport, count } = counting(createMemoryTransport({ bus: stage.bus }))
  const listener = stage.listener({ broker: stage.brokerOn(transport) })
  listener.on(issue.changed, { attributes: ['title'] }, handler)
  await listener.start()
  const armed = stage.clock.armed
  for (let n = 0; n < 20; n++) await stage.publish({ subject: `${n % 3}` })
  await stage.clock.until(() => listener.stats().handled === 20)
  expect(count.deliveries).toBe(20)
  // To follow a signal is to ask for it, once to begin and once to end.
  expect(count.signals).toBeLessThanOrEqual(2 * asked * 20)
  expect(count.signals > 0).toBe(asked > 0)
  expect(stage.clock.armed).toBe(armed)
  await listener.stop()
})
