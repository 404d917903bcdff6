import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer } from 'vitest/node'

// Tests run on source, through the export condition, so that nothing waits for a build. 'import' is not among them: Node.js is told these as well, and
// a package that requires another one would be given a module of the other kind.
const conditions = ['@recordcast/source', 'module', 'node']
const beside = (name) => fileURLToPath(new URL(name, import.meta.url))

// The scenarios wait for brokers most of the time: three files of them go side by side, even where there are but two cores.
// Those that wait longest begin, or the run would end with one of them alone.
class LongestFirst extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }) => moduleId.includes('/faults/')
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
const side = basename(process.cwd()) === 'e2e' ? { maxWorkers: 3, sequence: { sequencer: LongestFirst } } : {}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    dir: 'src',
    include: ['**/*.test.ts'],
    pool: 'forks',
    ...side,
    setupFiles: [beside('vitest.setup.mjs')],
    // What a test waits for gives up by itself and says what it was. These are for the rest, on machines that many share.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Errors in sources are the type check's to report, once and not once a package; so a package's own configuration names its type tests and nothing else.
    typecheck: { include: ['**/*.test-d.ts'], tsconfig: 'tsconfig.types.json', ignoreSourceErrors: true },
  },
})
