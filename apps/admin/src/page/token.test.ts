import { expect, test } from 'vitest'
import { describePage, openStage, settled, visit } from '../testdata/browser.js'
import { facts, issue, people, soon } from '../testdata/stage.js'
import { readTokens } from '../tokens.js'

const viewer = 'vera-may-only-look-around'
const operator = 'olga-may-do-everything'
const tokens = () => readTokens(`viewer vera ${viewer}\noperator olga ${operator}`)

describePage('where tokens are wanted, the page', () => {
  test('asks for one, says when it is none, and keeps it with the tab alone', async () => {
    const { origin, join } = await openStage({ tokens: tokens() })
    await people(join)
    const { page, go, asked } = await visit(origin, {}, [401])
    await page.goto(`${origin}/#/listeners`)
    const dialog = page.getByRole('dialog', { name: 'A token is wanted' })
    await dialog.getByLabel('Token').fill('somebody-is-guessing')
    await page.keyboard.press('Enter')
    await dialog.getByText('That token is not known here.').waitFor()
    await dialog.getByLabel('Token').fill(operator)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'notifier' }).waitFor()
    await page.getByText('olga · operator').waitFor()
    // A reload within the tab still has it; another tab has not.
    await go('listeners/notifier')
    await page.getByText('Nothing is parked').waitFor()
    const other = await page.context().newPage()
    await other.goto(`${origin}/#/listeners`)
    await other.getByRole('dialog', { name: 'A token is wanted' }).waitFor()
    await other.close()
    expect(asked.filter((url) => url.includes(operator))).toEqual([])
    expect(await page.evaluate('[document.cookie, localStorage.length, sessionStorage.length]')).toEqual(['', 0, 1])
    await page.getByRole('button', { name: 'Forget it' }).click()
    await dialog.waitFor()
    expect(await page.evaluate('sessionStorage.length')).toBe(0)
  })

  test('says what is wanted to whoever gives none, and does not ask at every refresh', async () => {
    const { origin, join } = await openStage({ tokens: tokens() })
    await people(join)
    const { page } = await visit(origin, {}, [401])
    await page.goto(`${origin}/#/listeners`)
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('alert').getByText('unauthorised').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('alert').getByText('unauthorised').waitFor()
    expect(await dialog.count()).toBe(0)
    await page.getByRole('button', { name: 'Give a token' }).click()
    await dialog.getByLabel('Token').fill(operator)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'notifier' }).waitFor()
  })

  test('shows a viewer the bus but no payload, and says what would be wanted', async () => {
    const { origin, join, operator: ours } = await openStage({ tokens: tokens() })
    const { source } = await people(join)
    await source.emit(issue.changed, { id: '7', before: facts, after: facts }, { id: 'e-1' })
    await soon(async () => expect((await ours.parked('notifier')).total).toBe(1))
    const { page, go } = await visit(origin, {}, [401, 403])
    await page.goto(`${origin}/#/bus`)
    await page.getByRole('dialog').getByLabel('Token').fill(viewer)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: /^notifier 1 parked/ }).waitFor()
    await go('listeners/notifier')
    await page.getByRole('alert').getByText('A viewer sees the bus but no payloads').waitFor()
    await page.getByRole('button', { name: 'Another token' }).click()
    await page.getByRole('dialog').getByLabel('Token').fill(operator)
    await page.keyboard.press('Enter')
    await settled(page)
    await page.getByRole('link', { name: 'issue.changed 7' }).waitFor()
  })
})
