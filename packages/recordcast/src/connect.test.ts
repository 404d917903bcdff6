import { expect, test } from 'vitest'
import { connect } from './index.js'

const message = { id: 'm', body: new Uint8Array(1), headers: {} }

test('memory: is a bus of its own', async () => {
  const [one, other] = [await connect('memory:'), await connect('memory:')]
  await one.transport.declare('q')
  expect(await one.transport.publish(['q'], message)).toEqual({ gone: [], failed: [] })
  expect(await other.transport.publish(['q'], message)).toEqual({ gone: ['q'], failed: [] })
  await Promise.all([one.close(), other.close()])
})

test('memory://name is one bus for all who name it, namespaces apart', async () => {
  const name = 'memory://connect-test'
  const [one, other, apart] = [await connect(name), await connect(name), await connect(name, { namespace: 'apart' })]
  await one.transport.declare('q')
  expect((await other.transport.publish(['q'], message)).gone).toEqual([])
  expect((await apart.transport.publish(['q'], message)).gone).toEqual(['q'])
  await Promise.all([one.close(), other.close(), apart.close()])
})

test('a closed broker says so', async () => {
  const broker = await connect('memory:')
  await broker.close()
  await broker.close()
  await expect(broker.transport.declare('q')).rejects.toMatchObject({ code: 'transport-closed' })
})
