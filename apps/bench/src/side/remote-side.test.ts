import { afterEach, expect, test } from 'vitest'
import { RemoteSide } from './remote-side.js'
import type { SideSpec } from './spec.js'

const program = new URL('./testdata/side.mjs', import.meta.url)

let side: RemoteSide | undefined
afterEach(() => side?.close())

const open = (of: string): RemoteSide => {
  side = new RemoteSide({ of, load: { bodyBytes: 400, events: 3 } } as SideSpec, program)
  return side
}

test('a side in a process of its own answers as often as it is told, and is another one after it was closed', async () => {
  const remote = open('answers')
  expect(await remote.tell({ run: 'rig' })).toEqual({ told: 1 })
  expect(await remote.tell({ run: 'rig' })).toEqual({ told: 2 })
  await remote.close()
  await remote.close()
  expect(await remote.tell({ run: 'rig' })).toEqual({ told: 1 })
})

test('a side that cannot be opened rejects with what it said', async () => {
  await expect(open('fails to open').tell({ run: 'rig' })).rejects.toThrow('no broker')
})

test('a side that ends while its answer is waited for rejects', async () => {
  await expect(open('ends').tell({ run: 'rig' })).rejects.toThrow('has ended')
})
