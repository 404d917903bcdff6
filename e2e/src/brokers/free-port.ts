import { randomInt } from 'node:crypto'
import { createServer, type Server } from 'node:net'
import { wait } from './wait-until.js'

/**
 * Ports lie beneath the range from which Linux takes the ports of outgoing connections (32768 and up). A broker that is
 * down for a while would otherwise lose its port to somebody's connection, or a client that keeps trying would be given
 * the very port that it dials and connect to itself.
 *
 * They are given from blocks, each of which belongs to one process while that listens on the block's first port. RabbitMQ binds
 * its ports seconds after they were found free: several processes that start brokers side by side would else be given the same
 * one now and then.
 */
const lowest = 20_000
const beyond = 32_000
const blockSize = 100
const left: number[] = []

/** @returns ports of 127.0.0.1 on which nothing listens, never the same one twice in this process, nor in two that run at a time. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    if (left.length === 0) left.push(...(await takeBlock()))
    const port = left.pop()
    if (port !== undefined && (await isFree(port))) ports.push(port)
  }
  return ports
}

/** One of `freePorts`. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1)
  if (port === undefined) throw new Error('Asked for one port and was given none')
  return port
}

/** The ports of a block that is this process's from now until its end. */
async function takeBlock(): Promise<readonly number[]> {
  const blocks = (beyond - lowest) / blockSize
  const begin = randomInt(blocks)
  for (let attempts = 0; attempts < 100 * blocks; attempts++) {
    const first = lowest + blockSize * ((begin + attempts) % blocks)
    const held = await listen(first)
    if (held !== undefined) {
      held.unref()
      return Array.from({ length: blockSize - 1 }, (_, n) => first + 1 + n)
    }
    if (attempts % blocks === blocks - 1) await wait(50)
  }
  throw new Error(`Other processes have all blocks of ports between ${lowest} and ${beyond - 1}`)
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen(port)
  if (server === undefined) return false
  await new Promise((resolve) => server.close(resolve))
  return true
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server))
  })
}
