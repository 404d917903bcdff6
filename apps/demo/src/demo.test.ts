import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import type { Config } from './config.js'
import { runDemo } from './demo.js'
import { createOut } from './report/out.js'

const whole: Config = {
  broker: 'memory:',
  namespace: 'demo',
  follow: false,
  payloads: Number.POSITIVE_INFINITY,
  adminPort: 0,
  help: false,
}

/** Runs the demo on a bus of its own and gives what it printed. `onLine` sees each line at once. */
async function run(config: Partial<Config>, onLine: (line: string) => void = () => undefined, signal?: AbortSignal) {
  const lines: string[] = []
  const write = (text: string): void => {
    lines.push(text.slice(0, -1))
    onLine(text)
  }
  const out = createOut(write, { width: 100, colour: false })
  const addsUp = await runDemo({ ...whole, ...config }, out, signal ?? new AbortController().signal)
  return { addsUp, lines, text: lines.join('\n') }
}

/** The numbers of a line, in order. */
const numbers = (line: string | undefined): readonly number[] =>
  [...(line ?? '').matchAll(/(?<![\w.-])\d[\d,]*(?:\.\d+)?/g)].map(([text]) => Number(text.replaceAll(',', '')))

test('the whole replay adds up, in its own eyes and read off its table', async () => {
  const { addsUp, lines, text } = await run({})
  expect(addsUp).toBe(true)
  const head = lines.findIndex((line) => /^ {2}listener +seen/.test(line))
  const end = lines.findIndex((line) => line.startsWith('  together'))
  const rows = lines.slice(head + 1, end).map(numbers)
  expect(rows.length).toBeGreaterThanOrEqual(8)
  const together = numbers(lines[end])
  for (const [column, inTotal] of [
    [0, 0],
    [1, 1],
    [2, 2],
    [4, 3],
    [5, 4],
    [7, 6],
  ] as const) {
    expect(
      rows.reduce((sum, row) => sum + row[column]!, 0),
      `column ${column}`,
    ).toBe(together[inTotal])
  }
  const [emitted, unwanted] = numbers(lines.find((line) => line.includes('events emitted')))
  expect(emitted).toBe(332)
  expect(unwanted).toBeLessThan(emitted!)
  const delivered = together[1]
  expect(numbers(lines.find((line) => line.includes('deliveries ')))[0]).toBe(delivered)
  expect(numbers(lines.at(-1))[0]).toBe(delivered)
  expect(text).not.toMatch(/undefined|NaN|\[object/)
})

test('listeners that were there first and those that came later have both been found, one of them midway', async () => {
  const { text } = await run({})
  expect(text.match(/was there before the source, which read [1-9]/g)!.length).toBeGreaterThanOrEqual(2)
  expect(text.match(/^ {2}\S+ +found forge on the board and asked: accepted [1-9]/gm)!.length).toBeGreaterThanOrEqual(2)
  expect(text).toMatch(/joined after 166 events, found forge/)
})

test('every listener got something, and less than a tenth of the webhooks behind it', async () => {
  const { lines } = await run({})
  const head = lines.findIndex((line) => /^ {2}listener +seen/.test(line))
  const end = lines.findIndex((line) => line.startsWith('  together'))
  for (const line of lines.slice(head + 1, end)) {
    const [seen, delivered, heldBack, , bytes, whole] = numbers(line)
    expect(delivered, line).toBeGreaterThan(0)
    expect(delivered! + heldBack!, line).toBe(seen)
    expect(bytes! * 10, line).toBeLessThan(whole!)
  }
})

test('fewer loader calls are made than the listeners would have made', async () => {
  const { lines } = await run({})
  const line = lines.findIndex((each) => each.includes('loader calls'))
  const [calls, keys, counted] = numbers(lines[line])
  expect(calls).toBe(counted)
  expect(keys).toBeGreaterThanOrEqual(calls!)
  const saved = numbers(lines[line + 1])
  expect(saved[0]).toBe(saved[1]! - calls!)
  expect(saved[0]).toBeGreaterThan(0)
})

test('no line is wider than the terminal', async () => {
  const { lines } = await run({})
  expect(lines.filter((line) => line.length > 100)).toEqual([])
})

test('following prints each delivery as it comes and ends with the table when it is told to', async () => {
  const ending = new AbortController()
  const { addsUp, text } = await run(
    { follow: true },
    (line) => {
      if (line.includes('deployment.created')) ending.abort()
    },
    ending.signal,
  )
  expect(addsUp).toBe(true)
  expect(text).toMatch(/^ {2}billing +deployment.created 145988746 /m)
  expect(text).toMatch(/Checked: handlers were called [1-9]/)
})

test('whoever follows finds the operator there meanwhile, with everybody on it, and not afterwards', async () => {
  const ending = new AbortController()
  let told: Promise<{ total: number; items: { queue: string }[] }> | undefined
  let url = ''
  const { addsUp } = await run(
    { follow: true },
    (line) => {
      url = /page is at (http:\S+)/.exec(line)?.[1] ?? url
      if (!line.includes('deployment.created') || told !== undefined) return
      told = fetch(`${url}/api/listeners?limit=100`).then((answer) => answer.json() as never)
      void told.finally(() => ending.abort())
    },
    ending.signal,
  )
  expect(addsUp).toBe(true)
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect((await told)?.items.map(({ queue }) => queue)).toEqual(expect.arrayContaining(['billing', 'notifier']))
  await expect(fetch(`${url}/health/live`)).rejects.toThrow()
})

test('a port that is taken is told, and the demo goes on', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as AddressInfo
  const ending = new AbortController()
  try {
    const { addsUp, text } = await run(
      { follow: true, adminPort: port },
      (line) => {
        if (line.includes('deployment.created')) ending.abort()
      },
      ending.signal,
    )
    expect(addsUp).toBe(true)
    expect(text).toContain(`Port ${port} is taken`)
  } finally {
    await new Promise((resolve) => taken.close(resolve))
  }
})
