import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const program = process.env.RECORDCAST_NATS_SERVER || 'nats-server'

/** A nats-server of our own on a free loopback port, in a scratch directory. */
export interface PrivateServer {
  readonly port: number
  /** host:port */
  readonly address: string
  /** Stops it (SIGSTOP), and resolves when it says nothing any more. */
  freeze(): Promise<void>
  thaw(): void
  /** Ends it with kill -9. What it has stored stays for the next start. */
  crash(): Promise<void>
  /** With the flags that it was made with, or others. */
  start(flags?: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** Starts one for the test that runs, and ends it with the test, however that ends. */
export async function startServer(...flags: readonly string[]): Promise<PrivateServer> {
  const port = await freePort()
  const directory = await mkdtemp(join(tmpdir(), 'recordcast-nats-'))
  let child: ChildProcess | undefined

  const server: PrivateServer = {
    port,
    address: `127.0.0.1:${port}`,
    async freeze() {
      child?.kill('SIGSTOP')
      while (await greets(port)) child?.kill('SIGSTOP')
    },
    thaw: () => void child?.kill('SIGCONT'),
    async crash() {
      if (child === undefined) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      child = undefined
    },
    async start(others = flags) {
      const own = ['-a', '127.0.0.1', '-p', `${port}`, '-js', '-sd', directory, '-l', join(directory, 'log')]
      child = spawn(program, [...own, ...others], { stdio: 'ignore' })
      const failed = once(child, 'error').then(([error]) => Promise.reject(error))
      await Promise.race([failed, listens(port)])
      failed.catch(() => {})
    },
    async close() {
      await server.crash()
      await rm(directory, { recursive: true, force: true })
    },
  }
  onTestFinished(() => server.close())
  await server.start()
  return server
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function listens(port: number): Promise<void> {
  for (let look = 0; look < 500; look++) {
    const socket = connect(port, '127.0.0.1')
    const up = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (up) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`nats-server does not listen on ${port}.`)
}

/** A server that runs says so to whoever connects. */
async function greets(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const said = await new Promise<boolean>((resolve) => {
    socket.once('data', () => resolve(true)).once('error', () => resolve(true))
    setTimeout(() => resolve(false), 100)
  })
  socket.destroy()
  return said
}
