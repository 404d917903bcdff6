import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { findChromium, sayBrowser, selectedBrowser } from './browser.mjs'

test('a Chromium is found on the PATH by any of its names, and one that is named is that one or none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recordcast-browser-'))
  try {
    const program = join(folder, 'chromium-browser')
    writeFileSync(program, '')
    assert.equal(findChromium(folder, ''), undefined)
    chmodSync(program, 0o755)
    assert.equal(findChromium(['', join(folder, 'none'), folder].join(delimiter), ''), program)
    assert.equal(findChromium('', program), program)
    assert.equal(findChromium(folder, join(folder, 'another')), undefined)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the page is left out by a word only, which the closing lines repeat', () => {
  assert.equal(selectedBrowser(''), 'chromium')
  assert.equal(selectedBrowser('chromium'), 'chromium')
  assert.equal(selectedBrowser('none'), 'none')
  assert.throws(() => selectedBrowser('no'), /Unknown browser "no"/)
  assert.match(sayBrowser('none'), /NOT tested, because RECORDCAST_BROWSER=none/)
})
