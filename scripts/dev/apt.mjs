import { existsSync } from 'node:fs'
import { nestedEnvironment } from './environment.mjs'
import { run } from './run.mjs'

/**
 * Installs programs with a line of apt-get, which is said. Only where nobody is surprised by it: as root on a Debian, which is what a
 * fresh machine or a CI's container is; elsewhere nothing happens.
 */
export async function installPrograms(what, line) {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return
  console.log(`The tests need ${what}, which is not installed. Installing: ${line}`)
  const env = { ...nestedEnvironment(), DEBIAN_FRONTEND: 'noninteractive' }
  await run(['apt-get', 'update'], { env, capture: () => undefined })
  const output = []
  const code = await run(line.split(' '), { env, capture: (chunk) => output.push(chunk) })
  if (code !== 0) process.stderr.write(Buffer.concat(output))
}
