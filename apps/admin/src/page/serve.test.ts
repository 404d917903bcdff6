import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { stage } from '../testdata/stage.js'

const root = fileURLToPath(new URL('../../public/', import.meta.url))
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[a-z]+$/.test(name))

test('every file of the page is served as what it is, under a policy without inline code or foreign addresses', async () => {
  const { get } = await stage()
  const types: Record<string, RegExp> = { html: /html/, js: /javascript/, css: /css/, svg: /svg/ }
  for (const name of files) {
    const { statusCode, headers } = await get(`/${name}`)
    expect(statusCode, name).toBe(200)
    expect(headers['content-type'], name).toMatch(types[name.replace(/.*\./, '')] ?? /^$/)
    expect(headers['x-content-type-options']).toBe('nosniff')
  }
  const policy = String((await get('/')).headers['content-security-policy'])
  expect(policy.split(';')).toEqual(
    expect.arrayContaining([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "require-trusted-types-for 'script'",
    ]),
  )
  expect(policy).not.toMatch(/unsafe|https?:/)
})

test('nothing of the page is inline, and nothing leads to another site', async () => {
  const { get } = await stage()
  const html = (await get('/')).body
  expect(html).not.toMatch(/<style|style="|<script(?! type="module" src="page)|\son[a-z]+=|https?:|\/\/[a-z]/i)
})

test('opening the page over and over does not use up what the API grants, nor does it go on for ever', async () => {
  const { get } = await stage({ requestsPerMinute: 12 })
  const statuses: number[] = []
  for (let times = 0; times < 121; times++) statuses.push((await get('/page/main.js')).statusCode)
  expect([statuses.filter((status) => status === 200).length, statuses.at(-1)]).toEqual([120, 429])
  expect((await get('/api/me')).statusCode).toBe(200)
})
