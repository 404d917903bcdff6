import { openOperator } from '@recordcast/operator'
import { type Broker, silentLogger } from '@recordcast/registry'
import fastify from 'fastify'
import { connect, createListener, createSource, defineRecord } from 'recordcast'
import { onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { type AdminOptions, adminApp } from '../app.js'
import { createAuditLog } from '../audit-log.js'
import { serverOptions } from '../start.js'
import { noTokens } from '../tokens.js'

export const issue = defineRecord(
  'issue',
  z.object({ title: z.string(), state: z.enum(['open', 'closed']), labels: z.array(z.object({ name: z.string() })) }),
)
export const facts = { title: 'It rains in', state: 'open' as const, labels: [] }

let buses = 0

/** A bus and the admin on it, without a port, and never too busy: the machine that tests it may be. */
export async function stage(options: Partial<AdminOptions> = {}, server: { readonly handlerTimeout?: number } = {}) {
  const url = `memory://admin-test-${++buses}`
  const join = async (): Promise<Broker> => {
    const broker = await connect(url, { logger: silentLogger })
    onTestFinished(() => broker.close())
    return broker
  }
  const audit = createAuditLog(() => undefined)
  const broker = await join()
  const operator = await openOperator({ broker, requestTimeoutMs: 500, onAudit: audit.add })
  const app = fastify({ ...serverOptions, ...server })
  await app.register(adminApp, { operator, audit, tokens: noTokens, busyAfterMs: 0, ...options })
  onTestFinished(async () => {
    await app.close()
    await operator.close()
  })
  return { app, operator, join, broker, audit, ...asking(app) }
}

function asking(app: ReturnType<typeof fastify>) {
  const headers = { host: 'localhost:4680' }
  return {
    get: (url: string, more: object = {}) => app.inject({ url, headers: { ...headers, ...more } }),
    /** What changes something, as a program sends it. */
    send: (method: 'POST' | 'DELETE', url: string, body: unknown = {}, more: object = {}) =>
      app.inject({
        ...{ method, url, headers: { ...headers, 'content-type': 'application/json', ...more } },
        payload: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}

/** A source, and a listener that parks what it gets. */
export async function people(join: () => Promise<Broker>) {
  const source = createSource({ service: 'forge', broker: await join(), records: [{ type: issue }] })
  const listener = createListener({ service: 'notifier', broker: await join(), retry: { delaysMs: [] } })
  const handled: string[] = []
  const state = { isSound: false }
  listener.on(issue.changed, { attributes: ['title'], where: { state: ['open'] } }, async ({ data }) => {
    if (!state.isSound) throw new TypeError('no such template')
    handled.push(data.title)
  })
  await listener.start()
  await source.start()
  onTestFinished(async () => {
    await listener.stop()
    await source.stop()
  })
  return { source, listener, handled, state }
}

export function soon(holds: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(holds, { interval: 5, timeout: 20_000 })
}
