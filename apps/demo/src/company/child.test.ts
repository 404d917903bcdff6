import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { startChild } from './child.js'

const program = fileURLToPath(new URL('./testdata/child.mjs', import.meta.url))

function start() {
  const losses: string[] = []
  const onLost = ({ message }: Error): void => {
    losses.push(message)
  }
  const child = startChild({ role: 'notifier', verbs: new Map(), onLost, program })
  onTestFinished(() => child.dismiss())
  return { child, losses }
}

test('a child knows its role, and one that is dismissed is no loss', async () => {
  const { child, losses } = start()
  expect(await child.ask('role')).toBe('notifier')
  await child.dismiss()
  await child.dismiss()
  expect(losses).toEqual([])
  await expect(child.ask('role')).rejects.toThrow('notifier has been dismissed')
})

test('a child that fails is told with its exit code and its last words, to whoever waits for an answer too', async () => {
  const { child, losses } = start()
  const said = new RegExp(
    `^notifier \\(process ${child.pid}\\) ended with exit code 1; its last words:\n(.*\n)*RangeError: too far$`,
  )
  await expect(child.ask('throw', 'too far')).rejects.toThrow(said)
  expect(losses).toEqual([expect.stringMatching(said)])
})

test('a child that ends well without having been dismissed is a loss all the same', async () => {
  const { child, losses } = start()
  await expect(child.ask('exit', 0)).rejects.toThrow('ended with exit code 0')
  expect(losses).toHaveLength(1)
})

test('a child that was killed is told with the signal', async () => {
  const { child, losses } = start()
  await child.ask('role')
  process.kill(child.pid, 'SIGKILL')
  await expect.poll(() => losses).toEqual([`notifier (process ${child.pid}) was killed by SIGKILL`])
})
