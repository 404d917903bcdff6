import { accessSync, constants, readdirSync, realpathSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'

/** The line that brings both brokers to a Debian machine; its packages start nothing by themselves in a container. */
export const installLine = 'apt-get install -y --no-install-recommends rabbitmq-server nats-server'

export interface RabbitBinaries {
  readonly server: string
  readonly ctl: string
  readonly epmd: string
}

/**
 * Finds RabbitMQ's own scripts. Debian's commands of the same names in /usr/sbin are wrappers that change to the user
 * `rabbitmq` and so to its home, its cookie and its directories: they are passed over. RECORDCAST_RABBITMQ names the
 * rabbitmq-server of another version, with its rabbitmqctl beside it.
 *
 * @throws Error with the line that installs what is missing, or naming the variable that names nothing
 */
export function findRabbit(path = process.env.PATH ?? '', chosen = process.env.RECORDCAST_RABBITMQ): RabbitBinaries {
  if (chosen) {
    const server = named('RECORDCAST_RABBITMQ', chosen)
    return { server, ctl: named('RECORDCAST_RABBITMQ', join(dirname(server), 'rabbitmqctl')), epmd: findEpmd(path) }
  }
  const versions = '/usr/lib/rabbitmq/lib'
  const folders = [
    ...list(versions).map((version) => join(versions, version, 'sbin')),
    '/usr/lib/rabbitmq/bin',
    '/opt/rabbitmq/sbin',
    '/usr/local/opt/rabbitmq/sbin',
    '/opt/homebrew/opt/rabbitmq/sbin',
    ...path.split(delimiter).flatMap((folder) => {
      const script = executable(join(folder, 'rabbitmq-server'))
      return script === undefined || basename(script) !== 'rabbitmq-server' ? [] : [dirname(script)]
    }),
  ]
  const find = (name: string): string => firstOf(folders, name) ?? missing(name, 'RabbitMQ')
  return { server: find('rabbitmq-server'), ctl: find('rabbitmqctl'), epmd: findEpmd(path) }
}

/**
 * Finds nats-server. RECORDCAST_NATS_SERVER names that of another version.
 *
 * @throws Error with the line that installs what is missing, or naming the variable that names nothing
 */
export function findNats(path = process.env.PATH ?? '', chosen = process.env.RECORDCAST_NATS_SERVER): string {
  if (chosen) return named('RECORDCAST_NATS_SERVER', chosen)
  const folders = [...path.split(delimiter), '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin']
  return firstOf(folders, 'nats-server') ?? missing('nats-server', 'NATS')
}

function findEpmd(path: string): string {
  const erlang = '/usr/lib/erlang'
  const runtimes = list(erlang).filter((name) => name.startsWith('erts-'))
  const folders = [...path.split(delimiter), '/usr/bin', ...runtimes.map((name) => join(erlang, name, 'bin'))]
  return firstOf(folders, 'epmd') ?? missing('epmd', "Erlang's port mapper")
}

function named(variable: string, path: string): string {
  const found = executable(path)
  if (found === undefined) throw new Error(`${variable} asks for ${path}, which is no program here`)
  return found
}

function missing(name: string, whose: string): never {
  throw new Error(
    `Found no ${name} (${whose}) on this machine. On Debian or Ubuntu: ${installLine}. ` +
      'To run without brokers: RECORDCAST_TRANSPORTS=memory',
  )
}

function firstOf(folders: readonly string[], name: string): string | undefined {
  for (const folder of folders) {
    const found = folder === '' ? undefined : executable(join(folder, name))
    if (found !== undefined) return found
  }
  return undefined
}

/** The real path of a file that may be executed. */
function executable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK)
    return realpathSync(path)
  } catch {
    return undefined
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort().reverse()
  } catch {
    return []
  }
}
