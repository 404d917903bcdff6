import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scratch } from './scratch.js'

export interface RabbitGround {
  readonly scratch: Scratch
  readonly epmdPort: number
}

export interface RabbitSeat {
  /** 'rabbit1@localhost' */
  readonly name: string
  readonly port: number
  /** For Erlang's own connections between nodes and with rabbitmqctl. */
  readonly distPort: number
}

export type RabbitConfig = Readonly<Record<string, string | number | boolean>>

/** What every node is told. */
export interface RabbitRules {
  /** Lines of rabbitmq.conf: `{ consumer_timeout: 5000 }`. */
  readonly config?: RabbitConfig
  /** What rabbitmq.conf has no words for: numbers of the application's environment. */
  readonly advanced?: Readonly<Record<string, number>>
}

const loopback = '-kernel inet_dist_use_interface {127,0,0,1}'

/**
 * What the server and rabbitmqctl share. HOME holds the cookie; -start_epmd false keeps Erlang from starting a port
 * mapper in the background, that would outlive everyone, should ours be slow. Nothing of the caller's environment but
 * PATH gets in: a RABBITMQ_NODENAME of the machine's own broker would be obeyed.
 */
export function sharedEnvironment({ scratch, epmdPort }: RabbitGround, name: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    HOME: scratch.path,
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: name,
    RABBITMQ_CONF_ENV_FILE: join(scratch.path, 'rabbitmq-env.conf'),
    RABBITMQ_CTL_ERL_ARGS: `${loopback} -start_epmd false`,
  }
}

/** Writes what is the cluster's: the cookie and an empty environment file, which keeps RabbitMQ from reading /etc. */
export function writeSharedFiles({ scratch }: RabbitGround): void {
  writeFileSync(join(scratch.path, '.erlang.cookie'), 'RECORDCASTPRIVATEBROKER', { mode: 0o400 })
  writeFileSync(join(scratch.path, 'rabbitmq-env.conf'), '')
}

/**
 * Writes the files of one node and names them in its environment. RABBITMQ_ALLOW_INPUT makes the script become the
 * Erlang machine instead of starting it beside itself, so that the process id is the one to kill; -noinput takes the
 * prompt away again that comes with it.
 *
 * @param siblings the names of all nodes of the cluster, this one's included
 */
export function nodeEnvironment(
  ground: RabbitGround,
  seat: RabbitSeat,
  siblings: readonly string[],
  { config = {}, advanced = {} }: RabbitRules,
): Record<string, string> {
  const folder = nodeFolder(ground, seat.name)
  mkdirSync(folder)
  const discovery =
    siblings.length === 1
      ? []
      : [
          'cluster_formation.peer_discovery_backend = classic_config',
          ...siblings.map((name, index) => `cluster_formation.classic_config.nodes.${index + 1} = ${name}`),
        ]
  const settings = Object.entries(config).map(([key, value]) => `${key} = ${value}`)
  writeFileSync(join(folder, 'rabbitmq.conf'), `${[...discovery, ...settings].join('\n')}\n`)
  const terms = Object.entries(advanced).map(([key, value]) => `{${key}, ${value}}`)
  writeFileSync(join(folder, 'advanced.config'), `[{rabbit, [${terms.join(', ')}]}].\n`)
  writeFileSync(join(folder, 'enabled_plugins'), '[].\n')
  return {
    ...sharedEnvironment(ground, seat.name),
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(seat.port),
    RABBITMQ_DIST_PORT: String(seat.distPort),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_ALLOW_INPUT: '1',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-noinput ${loopback} -start_epmd false +S 2:2 +sbwt none`,
  }
}

/** Where a node keeps its files. */
export const nodeFolder = ({ scratch }: RabbitGround, name: string): string =>
  join(scratch.path, name.replace(/@.*/, ''))
