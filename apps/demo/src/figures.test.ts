import { expect, test } from 'vitest'
import { disagreements, type Figures } from './figures.js'

const figures: Figures = {
  service: 'notifier',
  seen: 5,
  delivered: 3,
  heldBack: 2,
  linked: 0,
  handled: 3,
  bytes: 0,
  calls: 3,
  fullBytes: 0,
  attributes: 1,
}

test('figures that agree have nothing said against them', () => {
  expect(disagreements([figures])).toEqual([])
})

test('an event that was delivered and not handled is told, with the listener and both counts', () => {
  const [sentence] = disagreements([{ ...figures, calls: 2, handled: 2 }])
  expect(sentence).toMatch(/notifier.* 3 .* 2 /)
})

test('a handler that was called once too often is told', () => {
  expect(disagreements([{ ...figures, calls: 4 }])).toHaveLength(1)
})

test('an event that was neither delivered nor held back is told', () => {
  expect(disagreements([{ ...figures, seen: 6 }])).toHaveLength(1)
})
