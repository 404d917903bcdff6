import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { letterOf } from '../wire.js'
import { Batch } from './batch.js'
import { addressOf } from './letter.js'

const address = addressOf('q')
const letterWith = (body: Uint8Array) => letterOf({ id: 'm', headers: {}, body })!

/** A socket that takes a piece when it is told to. */
function socket() {
  const pieces: Buffer[] = []
  const waiting: (() => void)[] = []
  const stream = new Writable({
    write(piece: Buffer, _, taken) {
      pieces.push(piece)
      waiting.push(taken)
    },
  })
  return { stream, pieces, take: () => waiting.shift()?.() }
}

/** What the letter is by itself. */
function alone(body: Uint8Array, tag: number): Buffer {
  const letter = letterWith(body)
  const front = Buffer.alloc(letter.sizeTo(address))
  letter.write(front, 0, address, 1, tag)
  return Buffer.concat([front, letter.restOver(1) ?? Buffer.alloc(0)])
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('the letters of one turn are one piece, whole and in order, and nothing that was handed over changes', async () => {
  const { stream, pieces, take } = socket()
  const batch = new Batch(stream, () => {})
  const bodies = [1, 2, 3].map((n) => new Uint8Array(100).fill(n))
  for (const [at, body] of bodies.entries()) {
    expect(batch.write(letterWith(body), address, 1, at + 1)).toBe(true)
    body.fill(0)
  }
  expect(pieces).toEqual([])
  await turn()
  const expected = Buffer.concat([1, 2, 3].map((n) => alone(new Uint8Array(100).fill(n), n)))
  expect(pieces.length).toBe(1)
  expect(pieces[0]!.equals(expected)).toBe(true)
  batch.write(letterWith(new Uint8Array(100).fill(9)), address, 1, 4)
  take()
  await turn()
  expect(pieces[0]!.equals(expected)).toBe(true)
  expect(pieces[1]!.equals(alone(new Uint8Array(100).fill(9), 4))).toBe(true)
})

test('letters of every size come out as each is by itself, and one that says there is no room is followed by one word when there is', async () => {
  const { stream, pieces, take } = socket()
  let drained = 0
  const batch = new Batch(stream, () => drained++)
  const sizes = [0, 1, 4096, 4097, 60_000, ...Array.from({ length: 8 }, () => 64 * 1024), 10, 3]
  const more = sizes.map((size, at) => batch.write(letterWith(new Uint8Array(size).fill(at)), address, 1, at + 1))
  expect([more[0], more.at(-1)]).toEqual([true, false])
  for (let turns = 0; turns < 60; turns++) {
    await turn()
    take()
  }
  const expected = sizes.map((size, at) => alone(new Uint8Array(size).fill(at), at + 1))
  expect(Buffer.concat(pieces).equals(Buffer.concat(expected))).toBe(true)
  expect(drained).toBe(1)
})
