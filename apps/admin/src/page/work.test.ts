import { createListener } from 'recordcast'
import { expect, test } from 'vitest'
import { describePage, openStage, settled, visit } from '../testdata/browser.js'
import { facts, issue, people, soon } from '../testdata/stage.js'

const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>'

describePage('on the page an operator', () => {
  test('finds a listener by a part of its name and reads off it how its queue is', async () => {
    const { origin, join } = await openStage()
    await people(join)
    const { page, go } = await visit(origin)
    await go('listeners')
    const search = page.getByRole('searchbox', { name: 'Search listeners' })
    await search.fill('nobody')
    await page.getByText('No listener is called anything like “nobody”').waitFor()
    await search.fill('TIFI')
    await page.getByRole('link', { name: 'notifier' }).click()
    await page.getByRole('heading', { level: 1, name: 'notifier' }).waitFor()
    expect(page.url()).toBe(`${origin}/#/listeners/notifier`)
    await page.locator('.tile', { hasText: 'Attended' }).getByText('yes').waitFor()
    await page.getByRole('table', { name: 'Verdicts' }).getByText('accepted').waitFor()
    await page.getByText('Nothing is parked').waitFor()
  })

  test('sees why an event was filtered out, leaf by leaf', async () => {
    const { origin, join } = await openStage()
    const { source } = await people(join)
    await source.emit(
      issue.changed,
      { id: '7', before: facts, after: { ...facts, state: 'closed' } },
      { id: 'e-closed' },
    )
    const { page, go } = await visit(origin)
    await go('explain')
    await page.getByLabel('Listener').fill('notifier')
    await page.getByLabel('Event id').fill('e-closed')
    await page.getByRole('button', { name: 'Explain' }).click()
    const answer = page.getByRole('region', { name: 'The answer' })
    await answer.getByText('It was held back').waitFor()
    const leaf = page.getByRole('table', { name: 'The filter, leaf by leaf' }).getByRole('row', { name: 'state' })
    expect(await leaf.getByRole('cell').allInnerTexts()).toEqual(['"open"', '"closed"', '✕ did not hold'])
    // The address leads to the same answer.
    await page.reload()
    await answer.getByText('It was held back').waitFor()
  })

  test('tries a made-up event, and is told which field is no JSON', async () => {
    const { origin, join } = await openStage()
    const { handled } = await people(join)
    const { page, go } = await visit(origin)
    await go('explain?listener=notifier')
    await page.getByLabel('A made-up one').check()
    await page.getByLabel('Event type').fill('issue.changed')
    const after = page.getByLabel('The record after, as JSON')
    await after.fill('{"title":')
    await page.getByRole('button', { name: 'Explain' }).click()
    expect(await page.evaluate('document.activeElement.validationMessage')).toMatch(/no JSON/)
    await after.fill(JSON.stringify(facts))
    await page.getByLabel('The record before, as JSON').fill(JSON.stringify({ ...facts, title: 'It rained in' }))
    await page.getByRole('button', { name: 'Explain' }).click()
    await page.getByRole('region', { name: 'The answer' }).getByText('It would be delivered').waitFor()
    expect(handled).toEqual([])
  })

  test('replays a parked message, dry run first, and the listener handles it', async () => {
    const { origin, join, operator } = await openStage()
    const { source, state, handled } = await people(join)
    await source.emit(issue.changed, { id: '7', before: facts, after: facts }, { id: 'e-1' })
    await soon(async () => expect((await operator.parked('notifier')).total).toBe(1))
    const { page, go } = await visit(origin)
    await go('listeners/notifier')
    await page.getByRole('table', { name: 'Parked messages by error' }).getByText('handler-failed').waitFor()
    await page.getByRole('link', { name: 'issue.changed 7' }).click()
    await page.getByRole('heading', { level: 1, name: 'issue.changed 7' }).waitFor()
    await page.getByText('TypeError: no such template').first().waitFor()
    await page.getByRole('region', { name: 'Attributes' }).getByText('It rains in').waitFor()

    await page.getByRole('button', { name: 'Replay …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Replay this message?' })
    await dialog.getByText('1 message of 1 parked message').waitFor()
    expect((await operator.parked('notifier')).total).toBe(1)
    state.isSound = true
    await dialog.getByRole('button', { name: 'Replay 1' }).click()
    await dialog.getByText('1 message replayed.').waitFor()
    await soon(() => expect(handled).toEqual(['It rains in']))
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await page.getByText('Nothing is parked').waitFor()
    await go('audit')
    await page.getByRole('row').filter({ hasText: 'replay' }).getByText('done').waitFor()
  })

  test('drops a group only after its queue was named once more', async () => {
    const { origin, join, operator } = await openStage()
    const { source } = await people(join)
    for (const id of ['1', '2']) await source.emit(issue.changed, { id, before: facts, after: facts })
    await soon(async () => expect((await operator.parked('notifier')).total).toBe(2))
    const { page, go } = await visit(origin)
    await go('listeners/notifier')
    await page.getByRole('button', { name: 'Drop those of handler-failed' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('2 messages of 2 parked messages').waitFor()
    await dialog.getByRole('textbox').fill('notifie')
    await dialog.getByRole('button', { name: 'Drop 2' }).click()
    expect(await page.evaluate('document.activeElement.validationMessage')).toBe('That is not notifier')
    expect((await operator.parked('notifier')).total).toBe(2)
    await dialog.getByRole('textbox').fill('notifier')
    await dialog.getByRole('button', { name: 'Drop 2' }).click()
    await dialog.getByText('2 messages dropped.').waitFor()
    expect((await operator.parked('notifier')).total).toBe(0)
  })

  test('pauses a listener, resumes it, and withdraws it once it is gone', async () => {
    const { origin, join, operator } = await openStage()
    const { listener, source, state, handled } = await people(join)
    state.isSound = true
    const { page, go } = await visit(origin, {}, [409])
    await go('listeners/notifier')
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Resume' }).waitFor()
    await page.getByText('‖ paused').waitFor()
    await source.emit(issue.changed, { id: '7', before: facts, after: facts })
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.locator('.tile', { hasText: 'Ready' }).getByText('1', { exact: true }).waitFor()
    expect(handled).toEqual([])
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await soon(() => expect(handled).toEqual(['It rains in']))

    const withdraw = async () => {
      await page.getByRole('button', { name: 'Withdraw …' }).click()
      await page.getByRole('dialog').getByRole('textbox').fill('notifier')
      await page.getByRole('dialog').getByRole('button', { name: 'Withdraw', exact: true }).click()
    }
    await withdraw()
    await page.getByRole('alert').getByText('listener-alive').waitFor()
    await page.keyboard.press('Escape')
    await listener.stop()
    await withdraw()
    await page.getByText('Nobody listens on this bus').waitFor()
    expect((await operator.listeners()).total).toBe(0)
  })

  test('reads who uses an attribute, and what breaks without it', async () => {
    const { origin, join } = await openStage()
    await people(join)
    const { page, go } = await visit(origin)
    await go('attributes')
    const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'title', exact: true }) })
    await row.getByText('notifier').first().click()
    await row.getByText('sent as').waitFor()
    await page.getByRole('link', { name: 'What breaks without state' }).click()
    await page.getByText('1 listener would be refused').waitFor()
    await page.getByRole('table', { name: 'What breaks' }).getByText('in a filter').waitFor()
  })

  test('follows what happens, and goes from a decision to its explanation', async () => {
    const { origin, join } = await openStage()
    const { source, state } = await people(join)
    state.isSound = true
    const { page, go } = await visit(origin)
    await go('live')
    await page.getByText('Connected').waitFor()
    // What a source decided before its first answer to this follower is not told.
    const line = page.locator('.live-line', { hasText: 'issue.changed' }).first()
    await soon(async () => {
      await source.emit(issue.changed, { id: '7', before: facts, after: facts })
      expect(await line.count()).toBe(1)
    })
    await line.getByRole('link', { name: 'notifier' }).click()
    await page.getByRole('region', { name: 'The answer' }).getByText('It was delivered into the queue').waitFor()
  })

  test('is shown what a hostile service wrote as text, wherever it stands', async () => {
    const { origin, join, operator } = await openStage()
    const { source, listener } = await people(join)
    await listener.stop()
    const bad = createListener({ service: hostile, broker: await join(), retry: { delaysMs: [] } })
    bad.on(issue.changed, { attributes: ['title'] }, async () => {
      throw new Error(hostile)
    })
    await bad.start()
    const [{ queue = '' } = {}] = (await operator.listeners({ search: 'img' })).items
    await source.emit(
      issue.changed,
      { id: hostile, before: facts, after: { ...facts, title: hostile } },
      { id: 'e-1', tenant: hostile },
    )
    await soon(async () => expect((await operator.parked(queue)).total).toBe(1))
    const { page, go } = await visit(origin)
    const at = encodeURIComponent(queue)
    const routes = [
      ...['bus', 'listeners', `listeners/${at}`, `listeners/${at}/parked/e-1`],
      ...[`explain?listener=${at}&event=e-1`, 'subscriptions', 'attributes'],
    ]
    for (const route of routes) {
      await go(route)
      await page.locator('main').getByText('<img').first().waitFor()
      expect(await page.locator('img, main script, iframe').count(), route).toBe(0)
    }
    await bad.stop()
  })

  test('opens the documentation of the API, which has a policy of its own', async () => {
    const { origin } = await openStage()
    const { page, go } = await visit(origin)
    await go('catalogue')
    await page.getByRole('link', { name: 'The API’s documentation' }).click()
    await page.locator('.opblock', { hasText: '/api/explain' }).waitFor()
  })

  test('is told with a code what does not exist, and what does', async () => {
    const { origin, join } = await openStage()
    await people(join)
    const { page, go } = await visit(origin, {}, [404])
    await go('listeners/notifer')
    const told = page.getByRole('alert')
    await told.getByText('unknown-listener').waitFor()
    await told.getByText('There are:').getByText('notifier').waitFor()
    await go('nowhere')
    await page.getByText('This address leads nowhere').waitFor()
    await page.getByRole('link', { name: 'Go to the bus' }).click()
    await settled(page)
  })
})
