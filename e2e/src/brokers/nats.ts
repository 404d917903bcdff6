import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { startChild } from './child.js'
import { findNats } from './find-binaries.js'
import { freePorts } from './free-port.js'
import { type NatsAuth, type NatsSeat, natsConfig } from './nats-config.js'
import { type BrokerNode, startNode } from './node.js'
import { makeScratch } from './scratch.js'

export interface NatsOptions {
  /** Default 1. */
  readonly nodes?: 1 | 3
  /** Of the first node; default a free one. */
  readonly port?: number
  /** What clients must show; it is part of the URLs. Default: nothing. */
  readonly auth?: NatsAuth
  /** More lines for the configuration file of every node: 'max_payload: 65536'. */
  readonly extraConfig?: string
  /** Most that JetStream keeps in files, in bytes. Default the server's own: most of the disk. */
  readonly storeBytes?: number
}

export interface Nats {
  /** Of the first node, with what `auth` asks for. */
  readonly url: string
  /** Of every node, in their order. */
  readonly urls: readonly string[]
  readonly nodes: readonly BrokerNode[]
  /** '2.10.27' */
  readonly version: string
  /** The node that leads JetStream, or the one that leads a stream; undefined while nobody does and on a single node. */
  leaderOf(stream?: string): Promise<BrokerNode | undefined>
  /** Kills what runs and removes every file. A second time does nothing. */
  stop(): Promise<void>
}

/**
 * Starts a private nats-server with JetStream and waits until every node has recovered its streams and, in a cluster,
 * knows a leader. Clients are not told of the other nodes: they use the addresses that they were given, so that none
 * finds a way around a proxy.
 *
 * @throws Error if there is no nats-server (with the line that installs it) or a node does not come up
 */
export async function startNats({ nodes: count = 1, port, ...rules }: NatsOptions = {}): Promise<Nats> {
  const binary = findNats()
  const free = await freePorts(3 * count)
  const scratch = makeScratch('nats')
  const seats: readonly NatsSeat[] = Array.from({ length: count }, (_, index) => {
    const [client = 0, http = 0, cluster = 0] = free.splice(0, 3)
    const name = `nats${index + 1}`
    return { name, port: (index === 0 && port) || client, http, cluster, folder: join(scratch.path, name) }
  })
  const nodes: BrokerNode[] = []
  let version = ''
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.kill()))
    scratch.remove()
  }

  try {
    for (const seat of seats) {
      mkdirSync(seat.folder)
      writeFileSync(join(seat.folder, 'nats.conf'), natsConfig(seat, seats, rules))
      nodes.push(startNatsNode(binary, seat, rules.auth, count > 1))
    }
    await Promise.all(nodes.map((node) => node.whenUp()))
    version = (JSON.parse(await read(seats[0]?.http ?? 0, '/varz')) as { readonly version: string }).version
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
    async leaderOf(stream) {
      const running = seats.filter((_, index) => nodes[index]?.isRunning())
      for (const { http } of running) {
        const leader = await leaderSeenBy(http, stream).catch(() => undefined)
        const node = nodes.find(({ name }) => name === leader)
        if (node?.isRunning()) return node
      }
      return undefined
    },
    stop,
  }
}

function startNatsNode(binary: string, seat: NatsSeat, auth: NatsAuth | undefined, isClustered: boolean): BrokerNode {
  const output = join(seat.folder, 'output')
  const config = join(seat.folder, 'nats.conf')
  const user = auth === undefined ? '' : 'token' in auth ? `${encodeURIComponent(auth.token)}@` : `${pair(auth)}@`
  return startNode({
    name: seat.name,
    url: `nats://${user}127.0.0.1:${seat.port}`,
    logs: [output],
    start() {
      const log = openSync(output, 'a')
      try {
        const env = { PATH: process.env.PATH, HOME: seat.folder }
        return startChild(binary, ['-c', config], { cwd: seat.folder, env, stdio: ['ignore', log, log] })
      } finally {
        closeSync(log)
      }
    },
    // The monitoring port asks for no password. /healthz looks at every stream and at the contact with a leader.
    async probe() {
      await read(seat.http, '/healthz')
      if (isClustered && (await leaderSeenBy(seat.http)) === undefined) throw new Error('There is no leader yet')
    },
  })
}

const pair = ({ user, pass }: { user: string; pass: string }): string =>
  `${encodeURIComponent(user)}:${encodeURIComponent(pass)}`

interface JetStreamReport {
  readonly meta_cluster?: { readonly leader?: string }
  readonly account_details?: readonly {
    readonly stream_detail?: readonly { readonly name: string; readonly cluster?: { readonly leader?: string } }[]
  }[]
}

async function leaderSeenBy(http: number, stream?: string): Promise<string | undefined> {
  const report = JSON.parse(await read(http, '/jsz?accounts=true&streams=true')) as JetStreamReport
  if (stream === undefined) return report.meta_cluster?.leader || undefined
  const streams = (report.account_details ?? []).flatMap((account) => account.stream_detail ?? [])
  return streams.find(({ name }) => name === stream)?.cluster?.leader || undefined
}

function read(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: 2000 }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        body += text
      })
      response.once('error', reject)
      response.once('end', () => {
        if (response.statusCode === 200) resolve(body)
        else reject(new Error(`${path} answered ${response.statusCode}: ${body.trim()}`))
      })
    })
    request.once('timeout', () => request.destroy(new Error(`${path} did not answer within 2 s`)))
    request.once('error', reject)
  })
}
