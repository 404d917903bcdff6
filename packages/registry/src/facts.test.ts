import { expect, test } from 'vitest'
import { Facts } from './facts.js'

/** Numbers that look like dice and are the same each time. */
function dice(): (below: number) => number {
  let state = 1
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * below)
  }
}

test('every state stays what it was, whatever comes after it and whenever it is looked at', () => {
  const roll = dice()
  for (let run = 0; run < 100; run++) {
    const states = [{ facts: new Facts<number>(new Map([['k1', -1]])), model: new Map([['k1', -1]]) }]
    for (let step = 0; step < 30; step++) {
      const { facts, model } = states.at(-1)!
      const changes = new Map<string, number | undefined>()
      for (let change = roll(4); change > 0; change--) changes.set(`k${roll(6)}`, roll(3) === 0 ? undefined : step)
      const after = new Map(model)
      for (const [key, value] of changes) value === undefined ? after.delete(key) : after.set(key, value)
      states.push({ facts: facts.next(changes), model: after })
      const one = states[roll(states.length)]!
      expect(one.facts.get('k3')).toBe(one.model.get('k3'))
    }
    for (const { facts, model } of roll(2) === 0 ? states : states.toReversed()) {
      expect(facts.size).toBe(model.size)
      expect(new Map(facts)).toEqual(model)
      expect([...facts.keys()].sort()).toEqual([...model.keys()].sort())
      expect([...facts.values()].sort()).toEqual([...model.values()].sort())
      for (let key = 0; key < 6; key++) expect(facts.has(`k${key}`)).toBe(model.has(`k${key}`))
      const seen: string[] = []
      facts.forEach((_, key) => void seen.push(key))
      expect(seen.length).toBe(model.size)
    }
    expect([...states.at(-1)!.facts]).toEqual([...states.at(-1)!.model])
  }
})

test('whoever has stopped on the way through a state goes on through the same one', () => {
  const facts = new Facts(new Map([...'abc'].map((key) => [key, key])))
  const seen: string[] = []
  for (const [key] of facts) {
    if (seen.length === 0) facts.next(new Map([...'bcd'].map((each) => [each, each === 'd' ? 'd' : undefined])))
    seen.push(key)
  }
  expect(seen).toEqual(['a', 'b', 'c'])
  expect(() => facts.next(new Map())).toThrow('newest')
})
