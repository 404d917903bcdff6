import { defineConfig } from 'vitest/config'

// Tests run on source, through the export condition, so that nothing waits for a build.
const conditions = ['@recordcast/source', 'import', 'module', 'node', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    dir: 'src',
    include: ['**/*.test.ts'],
    pool: 'forks',
    setupFiles: [new URL('./vitest.setup.mjs', import.meta.url).pathname],
    testTimeout: 20_000,
    typecheck: { include: ['**/*.test-d.ts'], tsconfig: new URL('./tsconfig.check.json', import.meta.url).pathname },
  },
})
