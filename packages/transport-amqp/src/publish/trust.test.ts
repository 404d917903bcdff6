import { expect, test } from 'vitest'
import { Trust } from './trust.js'

/** A clock that is turned by hand, and a channel that may have copies under way. */
function stage() {
  const timers = new Map<() => void, number>()
  let now = 0
  const clock = {
    now: () => now,
    after(ms: number, run: () => void) {
      timers.set(run, now + ms)
      return () => void timers.delete(run)
    },
    defer: (run: () => void) => run(),
  }
  const channel = { unsettled: 0, closed: 0 }
  const trust = new Trust(clock, () => channel.unsettled === 0)
  const begin = (): void => trust.begin(() => channel.closed++)
  begin()
  return {
    trust,
    channel,
    begin,
    get armed() {
      return timers.size
    },
    turn(ms: number): void {
      now += ms
      for (const [run, due] of [...timers]) {
        if (due > now) continue
        timers.delete(run)
        run()
      }
    },
  }
}

test('a channel on which a queue refuses its first copy is closed after a moment', () => {
  const { trust, channel, turn } = stage()
  trust.taken('other')
  trust.refused('q')
  expect([trust.lost, channel.closed]).toEqual([false, 0])
  turn(100)
  expect([trust.lost, channel.closed]).toEqual([true, 1])
})

test('what is under way gets its answer first, for a second', () => {
  const { trust, channel, turn } = stage()
  channel.unsettled = 2
  trust.refused('q')
  turn(100)
  channel.unsettled = 1
  trust.settled()
  expect([trust.lost, channel.closed]).toEqual([true, 0])
  channel.unsettled = 0
  trust.settled()
  expect(channel.closed).toBe(1)

  const slow = stage()
  slow.channel.unsettled = 1
  slow.trust.refused('q')
  slow.turn(100)
  slow.turn(999)
  expect(slow.channel.closed).toBe(0)
  slow.turn(1)
  expect(slow.channel.closed).toBe(1)
})

test('a queue that has taken something on the channel may refuse the next', () => {
  const { trust, channel, turn } = stage()
  trust.taken('q')
  trust.refused('q')
  turn(60_000)
  expect([trust.lost, channel.closed]).toEqual([false, 0])
})

test('a queue that refuses on every channel gets another one ever more seldom, until it takes something', () => {
  const { trust, channel, begin, turn } = stage()
  const lasts = (): number => {
    const before = channel.closed
    let ms = 0
    trust.refused('full')
    while (channel.closed === before) {
      turn(10)
      ms += 10
    }
    trust.end()
    begin()
    return ms
  }
  const times = Array.from({ length: 10 }, lasts)
  expect(times[0]).toBeLessThanOrEqual(100)
  for (const ms of times.slice(-3)) expect(ms).toBeGreaterThanOrEqual(2500)
  expect(Math.max(...times)).toBeLessThanOrEqual(5000)
  trust.taken('full')
  trust.end()
  begin()
  expect(lasts()).toBeLessThanOrEqual(100)
})

test('with the channel the pause ends', () => {
  const s = stage()
  s.trust.refused('q')
  expect(s.armed).toBe(1)
  s.trust.end()
  expect(s.armed).toBe(0)
})
