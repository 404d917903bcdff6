import { type Operator, openOperator } from '@recordcast/operator'
import { RecordcastError } from '@recordcast/protocol/errors'
import type { Broker, Logger } from '@recordcast/registry'
import fastify, { type FastifyBaseLogger } from 'fastify'
import { adminApp } from './app.js'
import { createAuditLog } from './audit-log.js'
import { answerProblem } from './http/problem.js'
import { noTokens, type Tokens } from './tokens.js'

export interface StartOptions {
  readonly broker: Broker
  /** Default 127.0.0.1. Any other than loopback wants tokens. */
  readonly host?: string
  /** Default 4680; 0 takes a free one. */
  readonly port?: number
  readonly tokens?: Tokens
  /** Requests a minute and address; default 1,200. */
  readonly requestsPerMinute?: number
  /** How late the event loop may come before the API sends everybody away for a second; default 1,000, 0 never. */
  readonly busyAfterMs?: number
  /** pino; default the broker's for the audit log, and no log of requests. */
  readonly logger?: FastifyBaseLogger
  /** Gives up starting. */
  readonly signal?: AbortSignal
}

export interface Admin {
  /** Where it listens: http://127.0.0.1:4680 */
  readonly url: string
  /** Ends streams and replays, lets requests end, lets go of the boards. The broker stays open. */
  close(): Promise<void>
}

export const defaultPort = 4680
/** Bounds of what a request may be and take, whoever makes it. */
export const serverOptions = {
  ...{ bodyLimit: 1024 * 1024, requestTimeout: 10_000, connectionTimeout: 60_000, keepAliveTimeout: 10_000 },
  handlerTimeout: 30_000,
  // A queue's name or a message's id, encoded.
  routerOptions: { maxParamLength: 2048 },
  forceCloseConnections: true,
  return503OnClosing: true,
  frameworkErrors: answerProblem,
} as const

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/**
 * Opens the admin on a broker and listens. Rejects with invalid-options for an address beyond loopback without tokens, with what opening the boards rejects with, and with the
 * system's error (EADDRINUSE) where the port is taken.
 */
export async function startAdmin(options: StartOptions): Promise<Admin> {
  const {
    broker,
    host = '127.0.0.1',
    port = defaultPort,
    tokens = noTokens,
    requestsPerMinute,
    busyAfterMs,
    logger,
    signal,
  } = options
  if (!loopback.has(host) && tokens.size === 0) {
    throw new RecordcastError(
      'invalid-options',
      `Without tokens the admin listens on loopback only, not on "${host}"`,
      {
        ...{ path: '/host', found: host, expected: '127.0.0.1, ::1, localhost, or tokens' },
      },
    )
  }
  const log: Logger = logger ?? broker.logger
  const audit = createAuditLog((entry) => log.info({ audit: entry }, 'An operator did something'))
  const operator: Operator = await openOperator({ broker, onAudit: audit.add, ...(signal && { signal }) })
  try {
    const app = fastify({ ...serverOptions, ...(logger ? { loggerInstance: logger } : { logger: false }) })
    await app.register(adminApp, {
      operator,
      audit,
      tokens,
      ...(requestsPerMinute !== undefined && { requestsPerMinute }),
      ...(busyAfterMs !== undefined && { busyAfterMs }),
    })
    const url = await app.listen({ host, port })
    return {
      url,
      async close() {
        await app.close()
        await operator.close()
      },
    }
  } catch (error) {
    await operator.close()
    throw error
  }
}
