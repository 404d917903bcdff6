import type { Page } from 'playwright-core'
import { createListener } from 'recordcast'
import { expect, test } from 'vitest'
import { describePage, openStage, settled, visit } from '../testdata/browser.js'
import { facts, issue, people, soon } from '../testdata/stage.js'

/** What has the focus, by its text or its label. */
const focused = async (page: Page): Promise<string> =>
  String(
    await page.evaluate(`(() => {
      const { activeElement: has } = document
      return has?.getAttribute('aria-label') ?? has?.querySelector('title')?.textContent ?? has?.textContent?.trim() ?? ''
    })()`),
  )

/** Whether what has the focus shows it: an outline, or in the picture a thicker frame. */
const showsFocus = async (page: Page): Promise<boolean> =>
  Boolean(
    await page.evaluate(`(() => {
      const has = document.activeElement
      const frame = has.querySelector('.frame')
      if (frame !== null) return parseFloat(getComputedStyle(frame).strokeWidth) >= 2
      const { outlineStyle, outlineWidth } = getComputedStyle(has)
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
    })()`),
  )

describePage('by keyboard alone', () => {
  test('one skips the navigation, walks the picture and opens a listener', async () => {
    const { origin, join } = await openStage()
    await people(join)
    const { page, go } = await visit(origin)
    await go('bus')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to the content')
    expect(await showsFocus(page)).toBe(true)
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    const walked: string[] = []
    for (let steps = 0; steps < 5; steps++) {
      await page.keyboard.press('Tab')
      walked.push(await focused(page))
      expect(await showsFocus(page), walked.at(-1)).toBe(true)
    }
    expect(walked[0]).toBe('Refresh')
    expect(walked[3]).toMatch(/^forge 0 emitted, source/)
    // The picture is one stop: the next is what stands beneath it.
    expect(walked[4]).toBe('The same as a table')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('ArrowRight')
    expect(await focused(page)).toMatch(/^notifier attended, listener/)
    expect(await showsFocus(page)).toBe(true)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'notifier' }).waitFor()
    await soon(async () => expect(await page.evaluate('document.activeElement.tagName')).toBe('H1'))
  })

  test('one replays: the dialog keeps the focus, and gives it back to where it came from', async () => {
    const { origin, join, operator } = await openStage()
    const { source, state, handled } = await people(join)
    await source.emit(issue.changed, { id: '7', before: facts, after: facts })
    await soon(async () => expect((await operator.parked('notifier')).total).toBe(1))
    const { page, go } = await visit(origin)
    await go('listeners/notifier')
    const opener = page.getByRole('button', { name: 'Replay all …' })
    await opener.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Replay 1' }).waitFor()
    const seen = new Set<string>()
    for (let steps = 0; steps < 8; steps++) {
      await page.keyboard.press('Tab')
      const isInside = await page.evaluate(
        'document.activeElement === document.body || document.activeElement.closest("dialog") !== null',
      )
      expect(isInside).toBe(true)
      seen.add(await focused(page))
    }
    expect([...seen]).toEqual(expect.arrayContaining(['Close', 'Cancel', 'Replay 1']))
    await page.keyboard.press('Escape')
    await soon(async () => expect(await focused(page)).toBe('Replay all …'))
    state.isSound = true
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Replay 1' }).waitFor()
    while ((await focused(page)) !== 'Replay 1') await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await soon(() => expect(handled).toEqual(['It rains in']))
    await page.getByText('1 message replayed.').waitFor()
    expect(await focused(page)).toBe('Close')
  })

  test('one goes from row to row of a table, sorts it, and keeps one’s place when it is refreshed', async () => {
    const { origin, join } = await openStage()
    await people(join)
    const other = createListener({ service: 'archive', broker: await join() })
    other.on(issue.changed, { attributes: ['title', 'state'] }, async () => undefined)
    await other.start()
    const { page, go } = await visit(origin)
    await go('listeners')
    await page.getByRole('link', { name: 'archive' }).focus()
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toBe('notifier')
    await page.keyboard.press('Home')
    expect(await focused(page)).toBe('archive')
    const head = page.getByRole('columnheader', { name: 'Listener' })
    await head.getByRole('button').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    expect(await head.getAttribute('aria-sort')).toBe('descending')
    expect(await page.getByRole('rowheader').allInnerTexts()).toEqual(['notifier', 'archive'])
    await page.getByRole('link', { name: 'archive' }).focus()
    // Its state changes, so that the rows are drawn anew; somebody who comes back to the page has it look at once.
    await other.stop()
    await page.evaluate('void document.dispatchEvent(new Event("visibilitychange"))')
    await page.getByRole('row', { name: 'archive' }).getByText('away').waitFor()
    expect(await focused(page)).toBe('archive')
  })

  test('one opens the menu of a narrow window, and Escape closes it', async () => {
    const { origin } = await openStage()
    const { page, go } = await visit(origin, { viewport: { width: 360, height: 780 } })
    await go('bus')
    const menu = page.getByRole('button', { name: 'Menu' })
    const orphans = page.getByRole('link', { name: 'Orphans' })
    expect(await orphans.isVisible()).toBe(false)
    await menu.focus()
    await page.keyboard.press('Enter')
    expect(await menu.getAttribute('aria-expanded')).toBe('true')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Bus')
    await page.keyboard.press('Escape')
    expect(await focused(page)).toBe('Menu')
    await page.keyboard.press('Enter')
    await orphans.click()
    await page.getByRole('heading', { level: 1, name: 'Orphans' }).waitFor()
    expect(await orphans.isVisible()).toBe(false)
    await settled(page)
  })
})
