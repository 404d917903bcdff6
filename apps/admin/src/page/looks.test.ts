import { createListener, createSource, defineRecord } from 'recordcast'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { describePage, openStage, overflowOf, visit } from '../testdata/browser.js'
import { facts, issue, people, soon } from '../testdata/stage.js'

const places = [
  ...['bus', 'listeners', 'listeners/notifier', 'listeners/notifier/parked/e-1', 'sources', 'sources/forge'],
  ...['subscriptions', 'attributes/issue', 'impact/issue?remove=title', 'explain?listener=notifier&event=e-1'],
  ...['live', 'catalogue', 'orphans', 'audit'],
]
const long = 'a-title-that-goes-on-and-on-without-a-space-'.repeat(8)

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

describePage('the page', () => {
  for (const [width, colorScheme] of [
    [360, 'dark'],
    [1440, 'light'],
  ] as const) {
    test(`fits ${width} pixels, in ${colorScheme}, everywhere`, async () => {
      const { origin, join, operator } = await openStage()
      const { source } = await people(join)
      await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: long } }, { id: 'e-1' })
      await soon(async () => expect((await operator.parked('notifier')).total).toBe(1))
      const { page, go } = await visit(origin, { viewport: { width, height: 780 }, colorScheme })
      for (const place of places) {
        await go(place)
        expect(await overflowOf(page), place).toBeLessThanOrEqual(0)
      }
      const [ground, text] = (await page.evaluate(
        '(({ backgroundColor, color }) => [backgroundColor, color])(getComputedStyle(document.body))',
      )) as [string, string]
      const light = (colour: string) => Number(/\d+/.exec(colour)?.[0])
      expect(light(ground) > light(text)).toBe(colorScheme === 'light')
    })
  }

  test('draws 200 nodes without one upon another, wide and narrow', async () => {
    const { origin, join } = await openStage()
    const broker = await join()
    const records = Array.from({ length: 10 }, (_, n) => defineRecord(`record${n}`, z.object({ name: z.string() })))
    const listeners = Array.from({ length: 190 }, (_, n) => {
      const listener = createListener({ service: `a-listener-of-some-length-${n}`, broker })
      for (const record of new Set([records[n % 10], records[(n * 7) % 10]])) {
        if (record !== undefined) listener.on(record.created, { attributes: ['name'] }, async () => undefined)
      }
      return listener
    })
    await Promise.all(listeners.map((listener) => listener.start()))
    const sources = records.map((type, n) => createSource({ service: `source-${n}`, broker, records: [{ type }] }))
    await Promise.all(sources.map((source) => source.start()))
    onTestFinished(async () => void (await Promise.all([...listeners, ...sources].map((each) => each.stop()))))
    const { page, go } = await visit(origin)
    await go('bus')
    await page.getByText('10 sources, 190 listeners, none in trouble.').waitFor()
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 900 })
      await soon(async () => {
        expect(Number(await page.locator('.canvas svg').getAttribute('width'))).toBeLessThanOrEqual(width)
      })
      const boxes = (await page.evaluate(`[...document.querySelectorAll('.canvas .frame')].map((frame) => {
        const { x, y, width, height } = frame.getBoundingClientRect()
        return { x, y, width, height }
      })`)) as Box[]
      expect(boxes).toHaveLength(200)
      expect(boxes.filter(({ x, width: own }) => x < 0 || x + own > width)).toEqual([])
      expect(overlapping(boxes)).toEqual([])
      // Every name stays within its box.
      const outside = await page.evaluate(`[...document.querySelectorAll('.canvas .node')].filter((node) => {
        const frame = node.querySelector('.frame').getBoundingClientRect()
        return [...node.querySelectorAll('text')].some((text) => {
          const { left, right } = text.getBoundingClientRect()
          return left < frame.left || right > frame.right + 1
        })
      }).map((node) => node.textContent)`)
      expect(outside).toEqual([])
      expect(await overflowOf(page)).toBeLessThanOrEqual(0)
    }
    await page.getByRole('searchbox').fill('source-3')
    await page.getByText(/^1 of 10 sources/).waitFor()
    expect(await page.locator('.canvas .source').count()).toBe(1)
  }, 120_000)
})

function overlapping(boxes: readonly Box[]): [Box, Box][] {
  return boxes.flatMap((one, index) =>
    boxes.slice(index + 1).flatMap((other): [Box, Box][] => {
      const isApart =
        one.x + one.width <= other.x ||
        other.x + other.width <= one.x ||
        one.y + one.height <= other.y ||
        other.y + other.height <= one.y
      return isApart ? [] : [[one, other]]
    }),
  )
}
