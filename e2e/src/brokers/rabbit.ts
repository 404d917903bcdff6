import { closeSync, openSync } from 'node:fs'
import { connect as dial } from 'node:net'
import { join } from 'node:path'
import { connect } from 'amqplib'
import { type Child, startChild } from './child.js'
import { findRabbit } from './find-binaries.js'
import { freePorts } from './free-port.js'
import { type BrokerNode, startNode } from './node.js'
import {
  nodeEnvironment,
  nodeFolder,
  type RabbitGround,
  type RabbitRules,
  type RabbitSeat,
  sharedEnvironment,
  writeSharedFiles,
} from './rabbit-environment.js'
import { runToEnd } from './run-to-end.js'
import { makeScratch } from './scratch.js'
import { waitUntil } from './wait-until.js'

export interface RabbitOptions extends RabbitRules {
  /** Default 1. */
  readonly nodes?: 1 | 3
  /** Of the first node; default a free one. */
  readonly port?: number
}

export interface Rabbit {
  /** Of the first node, user and password included. */
  readonly url: string
  /** Of every node, in their order. */
  readonly urls: readonly string[]
  readonly nodes: readonly BrokerNode[]
  /** '4.0.5' */
  readonly version: string
  /**
   * Runs rabbitmqctl against the first node that runs, or against the one that `-n NAME` names; takes about 2 s.
   *
   * @returns what it wrote to stdout
   * @throws Error with what it wrote to stderr if it failed
   */
  ctl(...args: readonly string[]): Promise<string>
  /** The node that leads a quorum queue or a stream; undefined while nobody does. */
  leaderOf(queue: string): Promise<BrokerNode | undefined>
  /** Kills what runs and removes every file. A second time does nothing. */
  stop(): Promise<void>
}

/**
 * Starts a private RabbitMQ with its own port mapper, cookie and directories, and waits until every node serves.
 * The user is guest, with password guest. No plugin is enabled.
 *
 * @throws Error if there is no RabbitMQ (with the line that installs it) or a node does not come up
 */
export async function startRabbit({ nodes: count = 1, port, ...rules }: RabbitOptions = {}): Promise<Rabbit> {
  const binaries = findRabbit()
  const free = await freePorts(1 + 2 * count)
  const ground: RabbitGround = { scratch: makeScratch('rabbit'), epmdPort: free.shift() ?? 0 }
  const seats: readonly RabbitSeat[] = Array.from({ length: count }, (_, index) => {
    const amqp = free.shift() ?? 0
    return { name: `rabbit${index + 1}@localhost`, port: (index === 0 && port) || amqp, distPort: free.shift() ?? 0 }
  })
  const nodes: BrokerNode[] = []
  let version = ''
  const cwd = ground.scratch.path
  let epmd: Child | undefined

  const ctl = (...args: readonly string[]): Promise<string> => {
    const node = nodes.find((candidate) => candidate.isRunning()) ?? nodes[0]
    return runToEnd(binaries.ctl, args, { cwd, env: sharedEnvironment(ground, node?.name ?? '') })
  }
  const stop = async (): Promise<void> => {
    await Promise.all([...nodes.map((node) => node.kill()), epmd?.kill()])
    ground.scratch.remove()
  }

  try {
    writeSharedFiles(ground)
    epmd = await startEpmd(binaries.epmd, ground)
    const names = seats.map(({ name }) => name)
    for (const seat of seats) nodes.push(startRabbitNode(binaries.server, ground, seat, names, rules))
    await Promise.all(nodes.map((node) => node.whenUp()))
    version = await greet(nodes[0]!.url)
    if (count > 1) await ctl('await_online_nodes', String(count), '--timeout', '60')
  } catch (error) {
    await stop()
    throw error
  }

  const urls = nodes.map(({ url }) => url)
  return {
    url: urls[0] ?? '',
    urls,
    nodes,
    version,
    ctl,
    async leaderOf(queue) {
      const listed = JSON.parse(await ctl('-q', '--formatter', 'json', 'list_queues', 'name', 'leader')) as unknown
      if (!Array.isArray(listed)) return undefined
      const found = listed.find((entry: { name?: unknown }) => entry.name === queue) as { leader?: unknown } | undefined
      return nodes.find(({ name }) => name === found?.leader)
    },
    stop,
  }
}

/** The machine's own port mapper stays out of it: names of nodes are unique per mapper, and ours is gone with us. */
async function startEpmd(binary: string, { scratch, epmdPort }: RabbitGround): Promise<Child> {
  const epmd = startChild(binary, ['-port', String(epmdPort), '-address', '127.0.0.1'], {
    cwd: scratch.path,
    env: { HOME: scratch.path },
    stdio: 'ignore',
  })
  const hopeless = () => (epmd.isRunning() ? undefined : 'its process has ended')
  await waitUntil(() => reaches(epmdPort), { what: `epmd on port ${epmdPort}`, timeoutMs: 10_000, hopeless })
  return epmd
}

function startRabbitNode(
  server: string,
  ground: RabbitGround,
  seat: RabbitSeat,
  siblings: readonly string[],
  rules: RabbitRules,
): BrokerNode {
  const folder = nodeFolder(ground, seat.name)
  const output = join(folder, 'output')
  const env = nodeEnvironment(ground, seat, siblings, rules)
  const url = `amqp://guest:guest@127.0.0.1:${seat.port}`
  return startNode({
    name: seat.name,
    url,
    logs: [output, join(folder, 'log', `${seat.name}.log`)],
    start() {
      const log = openSync(output, 'a')
      try {
        return startChild(server, [], { cwd: folder, env, stdio: ['ignore', log, log] })
      } finally {
        closeSync(log)
      }
    },
    // An open connection takes the listener, the user and the virtual host: the last things to come up.
    probe: async () => void (await greet(url)),
  })
}

/** What a server says its version is; rabbitmqctl would take two seconds of a core to tell. */
async function greet(url: string): Promise<string> {
  const connection = await connect(url, { timeout: 2000 })
  connection.on('error', () => {})
  const { version } = connection.connection.serverProperties
  await connection.close()
  return version
}

function reaches(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
