import { type Broker, silentLogger } from '@recordcast/registry'
import { connect } from 'recordcast'
import { openOperator } from '@recordcast/operator'
import fastify from 'fastify'
import { onTestFinished } from 'vitest'
import { type AdminOptions, adminApp } from '../app.js'
import { createAuditLog } from '../audit-log.js'
import { noTokens } from '../tokens.js'

let buses = 0

/** A bus and the admin on it, without a port. */
export async function stage(options: Partial<AdminOptions> = {}) {
  const url = `memory://admin-test-${++buses}`
  const join = async (): Promise<Broker> => {
    const broker = await connect(url, { logger: silentLogger })
    onTestFinished(() => broker.close())
    return broker
  }
  const audit = createAuditLog(() => undefined)
  const broker = await join()
  const operator = await openOperator({ broker, requestTimeoutMs: 500, onAudit: audit.add })
  const app = fastify({ bodyLimit: 1024 * 1024, routerOptions: { maxParamLength: 2048 }, forceCloseConnections: true })
  await app.register(adminApp, { operator, audit, tokens: noTokens, ...options })
  onTestFinished(async () => {
    await app.close()
    await operator.close()
  })
  return { app, operator, join, broker }
}
