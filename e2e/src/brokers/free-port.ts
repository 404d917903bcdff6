import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Ports lie beneath the range from which Linux takes the ports of outgoing connections (32768 and up). A broker that is
 * down for a while would otherwise lose its port to somebody's connection, or a client that keeps trying would be given
 * the very port that it dials and connect to itself.
 */
const lowest = 20_000
const beyond = 32_000
const given = new Set<number>()

/** @returns ports of 127.0.0.1 on which nothing listens, never the same one twice in this process. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  for (let attempts = 0; ports.length < count; attempts++) {
    if (attempts > 1000) throw new Error(`Found no free port between ${lowest} and ${beyond - 1} in 1000 attempts`)
    const port = randomInt(lowest, beyond)
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    ports.push(port)
  }
  return ports
}

/** One of `freePorts`. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1)
  if (port === undefined) throw new Error('Asked for one port and was given none')
  return port
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
