import { join } from 'node:path'
import { selectedTransports, startBrokers } from './brokers.mjs'
import { nestedEnvironment } from './environment.mjs'
import { install } from './install.mjs'
import { withLock } from './lock.mjs'
import { buildQuietly } from './programs.mjs'
import { node, run } from './run.mjs'
import { root } from './workspace.mjs'

/**
 * The tests of the selected drivers, the exam among them, each against a private broker: the one installed, or the one that
 * RECORDCAST_RABBITMQ or RECORDCAST_NATS_SERVER names. Arguments select test files.
 */
export async function exam(files) {
  const selected = selectedTransports()
  return withLock(async () => {
    await install()
    await buildQuietly('e2e')
    const { env: where, versions, stop } = await startBrokers(selected)
    const env = { ...nestedEnvironment(), ...where }
    try {
      const codes = []
      for (const name of selected) {
        const cwd = join(root, 'packages', `transport-${name}`)
        if (name in versions) console.log(`\nThe ${name} broker is of version ${versions[name]}.`)
        codes.push(await run(node('../../scripts/test-package.mjs', ...files), { cwd, env }))
      }
      return Math.max(0, ...codes)
    } finally {
      await stop()
    }
  })
}
