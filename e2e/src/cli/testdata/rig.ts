import { type Shape, shapes } from '@recordcast/operator/shapes'
import { type Broker, connect, createListener } from 'recordcast'
import { expect } from 'vitest'
import type { z } from 'zod'
import { startNats } from '../../brokers/nats.js'
import { startRabbit } from '../../brokers/rabbit.js'
import { cleanups, forge, gather, issue } from '../../scenarios/forge.js'
import { type Ended, type RunOptions, startCli } from './run-cli.js'

export type Rig = Awaited<ReturnType<typeof openRig>>

/** A private broker with a source and three listeners, and the command line beside them. */
export async function openRig(name: 'amqp' | 'nats') {
  const ends = cleanups()
  const server = name === 'nats' ? await startNats() : await startRabbit()
  ends.add(server.stop)
  const namespace = `cli-${name}`
  const join = async (): Promise<Broker> => {
    const broker = await connect(server.url, { namespace })
    ends.add(() => broker.close())
    return broker
  }
  /** Looks at queues. */
  const { transport: witness } = await join()
  const env = { RECORDCAST_BROKER: server.url, RECORDCAST_NAMESPACE: namespace }

  const cli = (args: readonly string[], options: RunOptions = {}): Promise<Ended> =>
    startCli(args, { ...options, env: { ...env, ...options.env } }).ended
  return {
    ...{ ends, env, namespace, join, cli, witness },
    url: server.url,
    nodes: server.nodes,
    start: (args: readonly string[], options: RunOptions = {}) => startCli(args, { ...options, env }),
    /** Runs a command that is to end with 0, and gives its JSON as the shape has it, nothing more and nothing less. */
    async json<Name extends keyof typeof shapes>(
      shape: Name,
      args: readonly string[],
      options: RunOptions & { code?: number } = {},
    ) {
      return fitted(shape, jsonOf(await cli([...args, '--json'], options), options.code))
    },
    ...(await settle(join, ends)),
  }
}

/** The JSON of a run that ended as it should. */
export function jsonOf({ code, stdout, stderr }: Ended, wanted = 0): unknown {
  expect({ code, stderr: code === wanted ? '' : stderr }).toEqual({ code: wanted, stderr: '' })
  return JSON.parse(stdout)
}

/** @returns the value, once it is exactly what the shape says */
export function fitted<Name extends keyof typeof shapes>(shape: Name, value: unknown): Shape<Name> {
  const schema = shapes[shape] as unknown as z.ZodType<Shape<Name>>
  const parsed = schema.parse(value)
  expect(parsed).toEqual(value)
  return parsed
}

const whatever = (): undefined => undefined

/** Who is there: `forge` owns issues and users; `notifier`, `search.index` and `picky`, whose handler fails as long as it is broken. */
async function settle(join: () => Promise<Broker>, ends: ReturnType<typeof cleanups>) {
  const handled = gather<string>()
  const picky = { broken: true }
  const source = forge(await join())
  await source.start()
  ends.add(() => source.stop())
  const notifier = createListener({ service: 'notifier', broker: await join() })
  notifier.on(
    issue.changed,
    { attributes: { title: 'title', who: 'author.login' }, where: { state: ['closed'] } },
    whatever,
  )
  const search = createListener({ service: 'search', name: 'index', broker: await join() })
  search.on(issue.created, { attributes: ['title', 'state'] }, whatever)
  search.on(issue.deleted, { attributes: ['title'] }, whatever)
  const failing = createListener({ service: 'picky', broker: await join(), retry: { delaysMs: [] } })
  failing.on(issue.changed, { attributes: ['title', 'author.mail'] }, ({ id }) => {
    if (picky.broken) throw new Error(`cannot take ${id}`)
    handled.add(id)
  })
  for (const listener of [notifier, search, failing]) {
    await listener.start()
    ends.add(() => listener.stop())
  }
  return { source, picky, handled, listeners: { notifier, search, failing } }
}
