import { expect, test } from 'vitest'
import { createProgress } from './progress.js'
import type { Terminal } from './terminal.js'

function told(isLive: boolean, everyMs: number): string {
  let text = ''
  const tell = (more: string): void => {
    text += more
  }
  const terminal = { isLive, tell } as Partial<Terminal> as Terminal
  const progress = createProgress(terminal, everyMs)
  progress.at('1 of 2')
  progress.at('2 of 2')
  progress.end()
  return text
}

test('a terminal shows one line that is written over and taken away at the end', () => {
  expect(told(true, 0)).toBe('\r\u001b[K1 of 2\r\u001b[K2 of 2\r\u001b[K')
})

test('elsewhere it is a line each time', () => {
  expect(told(false, 0)).toBe('1 of 2\n2 of 2\n')
})

test('what is done before the first moment to tell says nothing', () => {
  expect(told(true, 3_600_000)).toBe('')
})
