import { describe, expect, test } from 'vitest'
import { importRules } from './house/import-rules.js'
import { manifestRules } from './house/manifest-rules.js'
import { sourceRules } from './house/source-rules.js'
import { houseOf } from './house/tree.js'

const rules = [...manifestRules, ...importRules, ...sourceRules]
type Files = Readonly<Record<string, string>>

const door = { '@recordcast/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' }
const manifest = (name: string, more: object = {}): string =>
  JSON.stringify({ name: name === 'recordcast' ? name : `@recordcast/${name}`, exports: { '.': door }, ...more })

/** A small house that keeps every rule. */
const sound: Files = Object.assign(
  {
    'apps/demo/package.json': JSON.stringify({ name: '@recordcast/demo', dependencies: { zod: '4' } }),
    'apps/demo/README.md': '# demo',
    'apps/demo/src/main.ts': "import 'recordcast'\nimport { z } from 'zod'\nconsole.log(process.argv, z)\n",
  },
  ...['protocol', 'transport', 'matcher', 'transport-amqp', 'transport-memory', 'source', 'listener', 'recordcast'].map(
    (name) => ({
      [`packages/${name}/package.json`]: manifest(name),
      [`packages/${name}/README.md`]: `# ${name}`,
      [`packages/${name}/src/index.ts`]: "export { verb } from './verb.js'\n",
      [`packages/${name}/src/verb.ts`]:
        '// process.env and console.log in a comment\nexport const verb = "process.exit()"\n',
    }),
  ),
)

const offences = (files: Files): Record<string, readonly string[]> => {
  const house = houseOf(Object.entries(files).map(([path, text]) => ({ path, text })))
  return Object.fromEntries(rules.map(({ fact, offences }) => [fact, offences(house)]))
}

/** A rule's fact → changes that break it, each with what the message must say. */
const broken: Readonly<Record<string, readonly (readonly [change: Files, said: string])[]>> = {
  'every package stands on a floor': [[{ 'packages/cache/package.json': manifest('cache') }, '"cache" has no row']],
  'a package is named after its folder': [
    [{ 'packages/matcher/package.json': manifest('match') }, '"@recordcast/match"'],
  ],
  'dependencies follow the edges and the npm list': [
    [
      { 'packages/protocol/package.json': manifest('protocol', { dependencies: { '@recordcast/transport': '1' } }) },
      'transport',
    ],
    [{ 'packages/matcher/package.json': manifest('matcher', { dependencies: { lodash: '1' } }) }, '"lodash"'],
    [
      { 'packages/source/package.json': manifest('source', { devDependencies: { '@recordcast/listener': '1' } }) },
      'listener',
    ],
    [{ 'packages/listener/package.json': manifest('listener', { peerDependencies: { amqplib: '1' } }) }, '"amqplib"'],
  ],
  'the conditions of a door name one source': [
    [
      { 'packages/source/package.json': manifest('source', { exports: { '.': { ...door, types: './dist/x.d.ts' } } }) },
      'door "."',
    ],
  ],
  'every package has a README.md': [
    [{ 'packages/cache/package.json': manifest('cache') }, 'packages/cache/package.json'],
  ],
  'imports between packages go along the edges of the house, downward': [
    [
      { 'packages/protocol/src/verb.ts': "\nimport '@recordcast/transport'" },
      'packages/protocol/src/verb.ts:2 protocol imports transport',
    ],
    [{ 'packages/source/src/verb.ts': "export const x = import('@recordcast/listener')" }, 'verb.ts:1'],
    [{ 'packages/matcher/src/verb.ts': "export type X = import('recordcast').X" }, 'matcher imports recordcast'],
    [{ 'packages/listener/src/verb.ts': "import '@recordcast/transport-memory'" }, 'listener imports transport-memory'],
    [{ 'apps/demo/src/main.ts': "import '@recordcast/source'" }, 'demo imports source'],
  ],
  'a package is entered by its doors': [
    [{ 'packages/source/src/verb.ts': "export * from '@recordcast/protocol/src/verb.js'" }, 'not a door of protocol'],
  ],
  'a relative import stays in its package and names a file that is there, ending in .js': [
    [{ 'packages/source/src/index.ts': "export { verb } from './verb'" }, 'does not end in .js'],
    [{ 'packages/source/src/index.ts': "import '../../protocol/src/verb.js'" }, 'leaves packages/source'],
    [{ 'packages/source/src/index.ts': "import './missing.js'" }, 'leads to no file'],
  ],
  'each package uses the npm packages that its row allows': [
    [{ 'packages/protocol/src/verb.ts': "import '@standard-schema/utils'" }, '"@standard-schema/utils"'],
    [{ 'packages/transport/src/verb.ts': "import { z } from 'zod'" }, 'no npm package'],
    [{ 'packages/matcher/src/verb.ts': "import 'vitest'" }, 'vitest'],
  ],
  'modules of Node.js are imported as node:': [[{ 'packages/source/src/verb.ts': "import 'crypto'" }, '"crypto"']],
  'a client library has one driver that says its name': [
    [{ 'packages/transport-memory/src/verb.ts': "import 'amqplib/callback_api.js'" }, 'only transport-amqp'],
    [{ 'packages/transport-amqp/src/verb.ts': "import '@nats-io/kv'" }, 'only transport-nats'],
  ],
  'the door loads drivers with a client library only when a URL asks for them': [
    [{ 'packages/recordcast/src/verb.ts': "import { x } from '@recordcast/transport-amqp'" }, 'import() it'],
  ],
  'nothing below the apps knows that HTTP exists': [
    [{ 'packages/source/src/verb.ts': "import { request } from 'node:http'" }, '"node:http"'],
    [{ 'packages/recordcast/src/a.test.ts': "import '@fastify/helmet'" }, '@fastify/helmet'],
  ],
  'a door is a guest list: names one by one, never export *': [
    [{ 'packages/source/src/index.ts': "export * from './verb.js'" }, 'packages/source/src/index.ts:1'],
    [{ 'packages/source/src/index.ts': "export * as verbs from './verb.js'" }, 'does not say whom'],
  ],
  'a door lets in at most 12 names': [
    [
      { 'packages/source/src/index.ts': `export { ${'abcdefghijklm'.split('').join(', ')} } from './verb.js'` },
      '13 names',
    ],
    [{ 'packages/source/src/index.ts': 'export const x = 1\n'.repeat(13) }, '13 names'],
  ],
  'a file has at most 200 lines': [[{ 'packages/source/src/verb.ts': '\n'.repeat(201) }, 'goes on to line 201']],
  'file names are kebab-case': [[{ 'packages/source/src/twoVerbs.ts': '' }, 'twoVerbs.ts']],
  'only config.ts, main.ts and server.ts of an app touch process or console': [
    [{ 'packages/source/src/verb.ts': '\n\nexport const x = process.env.HOME' }, 'verb.ts:3 uses process.env'],
    [{ 'packages/source/src/verb.ts': "process.on('SIGINT', () => {})" }, 'process.on'],
    [{ 'packages/source/src/verb.ts': "import { exit } from 'node:process'" }, 'node:process'],
    [{ 'packages/source/src/verb.ts': 'const { env } = process' }, 'takes process apart'],
    [{ 'packages/source/src/verb.ts': "globalThis.console.log('')" }, 'console'],
    [{ 'apps/demo/src/table.ts': "console.log('')" }, 'apps/demo/src/table.ts:1'],
  ],
  'the matcher has no clock, no I/O and no promise': [
    [{ 'packages/matcher/src/verb.ts': 'export const now = Date.now()' }, 'uses Date'],
    [{ 'packages/matcher/src/verb.ts': 'export async function verb() {}' }, 'asynchronous'],
    [{ 'packages/matcher/src/verb.ts': 'export type X = Promise<void>' }, 'uses Promise'],
    [{ 'packages/matcher/src/verb.ts': "import { readFileSync } from 'node:fs'" }, 'node:fs'],
  ],
}

describe('the rules of the house', () => {
  test('find nothing in a sound house', () => {
    expect(Object.values(offences(sound)).flat()).toEqual([])
  })

  test('are all shown to be able to fail', () => {
    expect(Object.keys(broken).sort()).toEqual(rules.map(({ fact }) => fact).sort())
  })

  for (const [fact, changes] of Object.entries(broken)) {
    for (const [change, said] of changes) {
      test(`${fact}: ${Object.values(change).join().trim().slice(0, 60)}`, () => {
        expect(offences({ ...sound, ...change })[fact]?.join('\n')).toContain(said)
      })
    }
  }

  test('leave tests their freedom, a driver its exam and a witness its looks', () => {
    const files = {
      ...sound,
      'packages/transport-testkit/package.json': manifest('transport-testkit'),
      'packages/transport-testkit/README.md': '# exam',
      'packages/transport-testkit/src/index.ts': 'export {}',
      'packages/transport-memory/src/exam.test.ts': "import '@recordcast/transport-testkit'\nimport 'vitest'\n",
      'packages/listener/src/verb.test.ts': "import '@recordcast/transport-memory'\nimport { z } from 'zod'\n",
      'e2e/package.json': JSON.stringify({ name: '@recordcast/e2e', dependencies: { amqplib: '2' } }),
      'e2e/src/witness.ts': "import 'amqplib'\nimport '@nats-io/jetstream'\n",
      'packages/matcher/src/verb.test.ts': `export const at = Date.now()\n${'\n'.repeat(300)}`,
    }
    expect(Object.values(offences(files)).flat()).toEqual([])
  })
})
