import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { wants } from '../testdata/transports.js'
import { findNats, findRabbit, installLine } from './find-binaries.js'
import { freePorts } from './free-port.js'
import { assertNothingLeft } from './leftovers.js'
import { startNats } from './nats.js'
import { fork } from './process.js'
import { makeScratch } from './scratch.js'
import { waitUntil } from './wait-until.js'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  await assertNothingLeft()
})
const stopping = <T extends { stop(): Promise<void> }>(broker: T): T => {
  cleanups.push(broker.stop)
  return broker
}

describe.skipIf(!wants('amqp') || !wants('nats'))('the harness', () => {
  test('finds the brokers of this machine, past the wrappers', () => {
    const { server, ctl, epmd } = findRabbit()
    expect([server, ctl, epmd, findNats()].map((path) => basename(path))).toEqual([
      'rabbitmq-server',
      'rabbitmqctl',
      'epmd',
      'nats-server',
    ])
    expect(server.startsWith('/usr/sbin')).toBe(false)
    expect(installLine).toContain('apt-get install')
  })

  test('takes the brokers that the environment names, and no others if they are not there', () => {
    const scratch = makeScratch('named')
    const program = (name: string): string => {
      const path = join(scratch.path, name)
      writeFileSync(path, '#!/bin/sh\n', { mode: 0o755 })
      return path
    }
    const [server, nats] = [program('rabbitmq-server'), program('nats')]
    expect(() => findRabbit(undefined, server)).toThrow(/RECORDCAST_RABBITMQ asks for .*rabbitmqctl/)
    const ctl = program('rabbitmqctl')
    expect(findRabbit(undefined, server)).toMatchObject({ server, ctl })
    expect(findNats(undefined, nats)).toBe(nats)
    expect(() => findNats(undefined, join(scratch.path, 'absent'))).toThrow(/RECORDCAST_NATS_SERVER asks for .*absent/)
    scratch.remove()
  })

  test('gives ports below those of outgoing connections, each once, though asked twice at a time', async () => {
    const ports = (await Promise.all([freePorts(100), freePorts(150)])).flat()
    expect(new Set(ports).size).toBe(250)
    expect(ports.every((port) => port >= 20_000 && port < 32_000)).toBe(true)
  })

  test('gives no port of a block that another process has', async () => {
    // Another copy of the module is to it as another process: it knows nothing of what was given here.
    vi.resetModules()
    const { freePorts: another } = await import('./free-port.js')
    const held: Server[] = []
    for (let first = 20_000; first < 32_000; first += 100) {
      const server = createServer().listen(first, '127.0.0.1')
      // Some belong to the processes of other tests.
      const isOurs = await once(server, 'listening').then(
        () => true,
        () => false,
      )
      if (isOurs) held.push(server)
    }
    try {
      const first = held[0]!
      const { port: spared } = first.address() as AddressInfo
      await new Promise((resolve) => first.close(resolve))
      const ports = await another(3)
      expect(ports.map((port) => Math.floor(port / 100) * 100)).toEqual([spared, spared, spared])
    } finally {
      for (const server of held) server.close()
    }
  })

  test('explains with its log why a broker did not start, and leaves nothing', async () => {
    await expect(startNats({ extraConfig: 'no_such_setting: 1' })).rejects.toThrow(/unknown field "no_such_setting"/)
    await assertNothingLeft()
  })

  test('says what was left behind', async () => {
    const nats = stopping(await startNats())
    const scratch = makeScratch('forgotten')
    await expect(assertNothingLeft(50)).rejects.toThrow(
      new RegExp(`process ${nats.nodes[0]?.pid}: .*nats-server[\\s\\S]*directory ${scratch.path}`),
    )
    scratch.remove()
  })

  test('takes what was left behind away when its process ends, in whatever way', async () => {
    const scratch = makeScratch('victim')
    const main = compileHarness(scratch.path)
    for (const way of ['exit', 'throw', 'SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
      const victim = fork(main, [way])
      const { pid, root } = await victim.next((report) => 'pid' in report)
      expect([isThere(Number(pid)), existsSync(String(root))]).toEqual([true, true])
      if (way.startsWith('SIG')) await victim.kill(way as NodeJS.Signals)
      else victim.tell('go')
      expect(await victim.exited).toEqual(
        way.startsWith('SIG') ? { code: null, signal: way } : { code: way === 'exit' ? 0 : 1, signal: null },
      )
      await waitUntil(() => !isThere(Number(pid)) && !existsSync(String(root)), { what: way, timeoutMs: 5000 })
      await victim.stop()
    }
    scratch.remove()
  })
})

/** Whether a process runs. One that has ended and whose new parent has yet to take note of it has no command line. */
const isThere = (pid: number): boolean =>
  existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== ''

/** A program that starts a process of its own through the harness, writes a file and waits to be told its end. */
function compileHarness(folder: string): string {
  for (const name of ['guardian', 'child', 'scratch']) {
    const source = readFileSync(new URL(`${name}.ts`, import.meta.url), 'utf8')
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 }
    writeFileSync(join(folder, `${name}.js`), ts.transpileModule(source, { compilerOptions: options }).outputText)
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const main = join(folder, 'main.js')
  writeFileSync(
    main,
    `import { startChild } from './child.js'
    import { guardedRoot } from './guardian.js'
    import { makeScratch } from './scratch.js'
    const cwd = makeScratch('left').path
    const { pid } = startChild('/bin/sh', ['-c', 'while :; do date > file; sleep 0.01; done'], {
      cwd, env: { PATH: process.env.PATH }, stdio: 'ignore',
    })
    console.log(JSON.stringify({ pid, root: guardedRoot() }))
    process.stdin.once('data', () => {
      if (process.argv[2] === 'throw') throw new Error('uncaught')
      process.exit(0)
    })`,
  )
  return main
}
