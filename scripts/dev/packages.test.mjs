import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { checkContents } from './packages.mjs'
import { readTarball } from './tarball.mjs'

const map = (...sources) => JSON.stringify({ version: 3, sources })
const sound = {
  LICENSE: '',
  'README.md': '',
  'dist/index.js': '',
  'dist/index.js.map': map('../src/index.ts'),
  'dist/index.d.ts': '',
  'dist/index.d.ts.map': map('../src/index.ts'),
  'src/index.ts': '',
}
const check = (files) => checkContents(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])))

test('a sound tarball raises no complaint', () => {
  assert.deepEqual(check(sound), [])
})

test('a tarball without licence or README is not sound', () => {
  const { LICENSE: _, 'README.md': __, ...rest } = sound
  assert.deepEqual(check(rest), ['no LICENSE in the tarball', 'no README.md in the tarball'])
})

test('a sourcemap that is missing or leads nowhere is named', () => {
  const { 'dist/index.js.map': _, ...rest } = sound
  assert.deepEqual(check(rest), ['dist/index.js has no sourcemap'])
  const lost = { ...sound, 'dist/index.js.map': map('../src/gone.ts') }
  assert.deepEqual(check(lost), ['dist/index.js.map leads to src/gone.ts, which is not in the tarball'])
})

test('tests, test data and build state do not belong in a tarball', () => {
  for (const path of ['src/a.test.ts', 'src/a.test-d.ts', 'src/testdata/rows.jsonl', 'dist/.tsbuildinfo']) {
    assert.deepEqual(check({ ...sound, [path]: '' }), [`${path} does not belong in the tarball`])
  }
})

test('files are read from a tarball, a path over 100 characters too', () => {
  const entry = (name, kind, body) => {
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write(body.length.toString(8).padStart(11, '0'), 124)
    header.write(kind, 156)
    return Buffer.concat([header, Buffer.from(body), Buffer.alloc((512 - (body.length % 512)) % 512)])
  }
  const long = `package/${'folder/'.repeat(20)}verb.js`
  const tar = Buffer.concat([
    entry('package/a.js', '0', 'one'),
    entry('PaxHeader', 'x', `${' path='.length + long.length + 4} path=${long}\n`),
    entry('package/cut', '0', 'two'),
    Buffer.alloc(1024),
  ])
  const files = [...readTarball(gzipSync(tar))].map(([path, body]) => [path, body.toString()])
  assert.deepEqual(files, [
    ['a.js', 'one'],
    [long.replace('package/', ''), 'two'],
  ])
})
