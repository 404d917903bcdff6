import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installPrograms } from './apt.mjs'
import { Failure } from './run.mjs'
import { root } from './workspace.mjs'

const transports = ['memory', 'amqp', 'nats']

/** The transports that are to be tested. Throws for a name that is none: a typo must not select nothing and pass. */
export function selectedTransports(selection = process.env.RECORDCAST_TRANSPORTS) {
  if (!selection) return transports
  const known = `RECORDCAST_TRANSPORTS is a comma-separated list of: ${transports.join(', ')}.`
  return selection.split(',').map((part) => {
    const name = part.trim()
    if (!transports.includes(name)) throw new Failure(`Unknown transport "${name}". ${known}`)
    return name
  })
}

/** What the closing lines say of the transports. */
export function sayTransports(selected) {
  const left = transports.filter((name) => !selected.includes(name))
  if (left.length === 0) return `transports: ${selected.join(', ')}`
  return `transports: ${selected.join(', ')}; NOT tested, because RECORDCAST_TRANSPORTS leaves them out: ${left.join(', ')}`
}

/**
 * Sees to it that the broker programs are there (scenarios start their own) and starts one of each for the tests that only need
 * some broker. Needs the build of e2e. Answers with the environment that says where they are, their versions and the way to
 * end them.
 *
 * A program that is absent is installed if that is possible here, which is said; else this throws a Failure with the line that does it.
 */
export async function startBrokers(selected) {
  const harness = (file) => import(pathToFileURL(join(root, 'e2e', 'dist', 'brokers', file)).href)
  const starters = {
    amqp: {
      find: 'findRabbit',
      named: 'RECORDCAST_RABBITMQ',
      module: 'rabbit.js',
      start: 'startRabbit',
      variable: 'RECORDCAST_AMQP_URL',
    },
    nats: {
      find: 'findNats',
      named: 'RECORDCAST_NATS_SERVER',
      module: 'nats.js',
      start: 'startNats',
      variable: 'RECORDCAST_NATS_URL',
    },
  }
  const wanted = selected.filter((name) => name in starters)
  const env = {}
  const versions = {}
  const started = []
  const stop = async () => void (await Promise.all(started.map((broker) => broker.stop())))
  if (wanted.length === 0) return { env, versions, stop }
  const binaries = await harness('find-binaries.js')
  // One that is named is that one or none: what is installed would be another version.
  const named = wanted.filter((name) => process.env[starters[name].named])
  const misnamed = named.map((name) => complaint(binaries[starters[name].find])).filter((said) => said !== undefined)
  if (misnamed.length > 0) throw new Failure(misnamed.join('\n'))
  const absent = () => wanted.filter((name) => complaint(binaries[starters[name].find]) !== undefined)
  if (absent().length > 0) await installPrograms('broker programs', binaries.installLine)
  if (absent().length > 0) throw new Failure(whatToDo(absent(), binaries.installLine))
  try {
    for (const name of wanted) {
      const { module, start, variable } = starters[name]
      if (process.env[variable]) continue
      const broker = await (await harness(module))[start]()
      started.push(broker)
      env[variable] = broker.url
      versions[name] = broker.version
    }
  } catch (error) {
    await stop()
    throw new Failure(`A private broker did not start: ${error.message}`)
  }
  return { env, versions, stop }
}

/** Why a program is not found; undefined if it is. */
function complaint(find) {
  try {
    find()
    return undefined
  } catch (error) {
    return error.message
  }
}

function whatToDo(absent, line) {
  return [
    `The tests of ${absent.join(' and ')} need broker programs that are not installed here.`,
    `On Debian and Ubuntu: ${line}`,
    'Without them: RECORDCAST_TRANSPORTS=memory npm test, which tests the embedded transport only and says so.',
  ].join('\n')
}
