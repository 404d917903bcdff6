import { connect } from 'recordcast'
import { expect, test } from 'vitest'
import { cast, partNamed } from './cast.js'

test('a listener is found under the name by which its process is called', async () => {
  const broker = await connect('memory:')
  for (const { service } of Object.values(cast).flat()) {
    expect(partNamed(service).create({ broker, see: () => undefined }).service).toBe(service)
  }
  await broker.close()
})

test('a name that nobody has is told', () => {
  expect(() => partNamed('nobody')).toThrow('nobody in the demo is called "nobody"')
})
