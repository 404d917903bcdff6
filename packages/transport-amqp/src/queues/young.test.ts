import { systemClock } from '@recordcast/transport'
import { expect, test } from 'vitest'
import { Young } from './young.js'

test('a queue is waited for until two seconds after it was made last, another not at all', async () => {
  let now = 0
  let timers: { readonly at: number; readonly run: () => void }[] = []
  const after = (ms: number, run: () => void) => {
    timers.push({ at: now + ms, run })
    return () => {}
  }
  const passed = async (ms: number): Promise<void> => {
    now += ms
    const due = timers.filter(({ at }) => at <= now)
    timers = timers.filter(({ at }) => at > now)
    for (const { run } of due) run()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const young = new Young({ ...systemClock, now: () => now, after })
  young.made('q')
  await young.grown('other')
  let grown = false
  const waiting = young.grown('q').then(() => {
    grown = true
  })
  await passed(1500)
  young.made('q')
  await passed(1500)
  expect(grown).toBe(false)
  await passed(500)
  await waiting
  await young.grown('q')
})
