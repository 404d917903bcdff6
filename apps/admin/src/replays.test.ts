import { expect, test } from 'vitest'
import { createReplays } from './replays.js'
import { facts, issue, people, soon, stage } from './testdata/stage.js'

/** Three parked events, and replays that are waited for no longer than a moment. */
async function shelf(waitMs = 50) {
  const { join, operator } = await stage()
  const { source, state, handled } = await people(join)
  for (const id of ['e1', 'e2', 'e3'])
    await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: id } }, { id })
  await soon(async () => expect((await operator.parked('notifier')).total).toBe(3))
  state.isSound = true
  return { replays: createReplays(operator, waitMs), operator, handled }
}

const slowly = { which: { all: true as const }, perSecond: 0.2, by: 'ann' }

test('a replay that takes long goes on by itself; how far it is and how it ended is told', async () => {
  const { replays, handled } = await shelf()
  expect(replays.latest('notifier')).toBeUndefined()
  expect(await replays.begin('replay', 'notifier', slowly)).toMatchObject({ finished: false })
  await soon(() => expect(replays.latest('notifier')).toMatchObject({ finished: false, selected: 1 }))
  await expect(replays.begin('replay', 'notifier', slowly)).rejects.toMatchObject({ code: 'replay-running' })
  replays.end('notifier')
  await soon(() => expect(replays.latest('notifier')).toMatchObject({ finished: true, replayed: 1, failures: 0 }))
  await soon(() => expect(handled).toEqual(['e1']))
  const rest = { ...slowly, perSecond: 100 }
  await replays.begin('replay', 'notifier', rest)
  await soon(() => expect(replays.latest('notifier')).toMatchObject({ finished: true, replayed: 2 }))
  await replays.close()
})

test('who closes ends what goes on, after the message at hand', async () => {
  const { replays, operator } = await shelf()
  expect(await replays.begin('drop', 'notifier', { ...slowly, confirm: 'notifier' })).toMatchObject({ finished: false })
  await soon(() => expect(replays.latest('notifier')).toMatchObject({ selected: 1 }))
  await replays.close()
  expect(replays.latest('notifier')).toMatchObject({ finished: true, dropped: 1 })
  expect((await operator.parked('notifier')).total).toBe(2)
})

test('one whose shelf is still being read when it was waited for long enough is told of as soon as it has begun', async () => {
  const { replays } = await shelf(0)
  expect(await replays.begin('replay', 'notifier', slowly)).toMatchObject({ finished: false })
  await replays.close()
})

test('a dry run leaves no trace', async () => {
  const { replays } = await shelf()
  expect(await replays.begin('drop', 'notifier', { ...slowly, dryRun: true })).toMatchObject({
    finished: true,
    selected: 3,
  })
  expect(replays.latest('notifier')).toBeUndefined()
})
