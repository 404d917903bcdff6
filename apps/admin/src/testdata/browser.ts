import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest'
import { stage } from './stage.js'

const { RECORDCAST_BROWSER: selection, RECORDCAST_CHROMIUM: chosen } = process.env
const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const missing =
  'Found no Chromium. On Debian: apt-get install -y --no-install-recommends chromium. ' +
  'Elsewhere: RECORDCAST_CHROMIUM names one. Without: RECORDCAST_BROWSER=none'
const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
]

let browser: Browser | undefined

/** Tests that need the browser; left out only where somebody says so. */
export function describePage(what: string, tests: () => void): void {
  if (selection === 'none') {
    describe.skip(`${what} (left out: RECORDCAST_BROWSER=none)`, tests)
    return
  }
  describe(what, () => {
    beforeAll(async () => {
      const executablePath = chosen ?? usual.find((path) => existsSync(path))
      if (executablePath === undefined) throw new Error(missing)
      // A profile of its own, which goes with it.
      browser = await chromium.launch({ executablePath, args: flags })
    })
    afterAll(async () => {
      await browser?.close()
    })
    tests()
  })
}

export interface Visitor {
  readonly page: Page
  /** Goes to a place of the page and waits until it stands there. */
  go(route: string): Promise<void>
  /** Addresses that were asked for. */
  readonly asked: readonly string[]
}

/**
 * Opens the page in a browser window of its own. After the test nothing may stand on its console but the refusals that were expected, nothing may have been asked
 * of another origin, and the policy must not have been offended.
 *
 * @param refusals HTTP statuses that the test brings about
 */
export async function visit(origin: string, options: BrowserContextOptions = {}, refusals: readonly number[] = []) {
  if (browser === undefined) throw new Error('The browser has not been started')
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const complaints: string[] = []
  const asked: string[] = []
  page.on('console', (message) => {
    const text = message.text()
    const isExpected = refusals.some((status) => text.includes(`the server responded with a status of ${status} `))
    if (['error', 'warning'].includes(message.type()) && !isExpected) complaints.push(text)
  })
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
  page.on('dialog', async (dialog) => {
    complaints.push(`a script of a payload ran: ${dialog.message()}`)
    await dialog.dismiss()
  })
  page.on('request', (request) => asked.push(request.url()))
  await page.addInitScript(
    'addEventListener("securitypolicyviolation", (e) => console.error("policy", e.violatedDirective, e.blockedURI))',
  )
  onTestFinished(async () => {
    await context.close()
    expect(complaints).toEqual([])
    expect(asked.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('blob:'))).toEqual([])
  })
  const visitor: Visitor = {
    page,
    asked,
    async go(route) {
      await page.goto(`${origin}/#/${route}`)
      await page.locator(`main[aria-busy="false"][data-shows^="#/${route}"]`).waitFor()
    },
  }
  return visitor
}

/** Waits until the place that was gone to stands there. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main[aria-busy="false"] h1').waitFor()
}

/** A bus, and the admin of it on a port. */
export async function openStage(options: Parameters<typeof stage>[0] = {}) {
  const made = await stage({ requestsPerMinute: 1_000_000, ...options })
  const origin = await made.app.listen({ host: '127.0.0.1', port: 0 })
  return { ...made, origin }
}

/** How far the page goes beyond the window's right edge, in pixels. */
export async function overflowOf(page: Page): Promise<number> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'))
}
