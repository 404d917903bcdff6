import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import type { Operator } from '@recordcast/operator'
import { RecordcastError } from '@recordcast/protocol/errors'
import type { FastifyInstance } from 'fastify'
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { AuditLog } from './audit-log.js'
import { documentApi } from './http/document.js'
import { guard, isForAnybody } from './http/guard.js'
import { servePage } from './http/page.js'
import { answerProblems } from './http/problem.js'
import { createReplays } from './replays.js'
import { actionRoutes } from './routes/actions.js'
import { attributeRoutes } from './routes/attributes.js'
import { boardRoutes } from './routes/board.js'
import { catalogueRoutes } from './routes/catalogue.js'
import { eventRoutes } from './routes/events.js'
import { healthRoutes } from './routes/health.js'
import { metricsRoute } from './routes/metrics.js'
import { parkedRoutes } from './routes/parked.js'
import type { Tokens } from './tokens.js'

export interface AdminOptions {
  readonly operator: Operator
  readonly audit: AuditLog
  readonly tokens: Tokens
  /** Requests a minute and address; default 1,200. */
  readonly requestsPerMinute?: number
  /**
   * From how late the event loop comes, on average over a second and in milliseconds, the API sends everybody away with 503 and Retry-After; default 1,000, 0 never.
   * The page's own files and the health routes are served all the same: a page that lacks one of its scripts could not even say what is wrong.
   */
  readonly busyAfterMs?: number
}

/** What a page of ours may do: nothing from anywhere else, nothing inline. */
const policy = {
  ...{ defaultSrc: ["'none'"], scriptSrc: ["'self'"], styleSrc: ["'self'"], imgSrc: ["'self'", 'data:'] },
  ...{
    connectSrc: ["'self'"],
    fontSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    // Whatever its code does, no text becomes HTML or a script.
    requireTrustedTypesFor: ["'script'"],
    trustedTypes: ["'none'"],
  },
}

/** The admin as a plugin: everything but the port. The operator stays the caller's to close, after the app. */
export async function adminApp(app: FastifyInstance, options: AdminOptions): Promise<void> {
  const { operator, audit, tokens, requestsPerMinute = 1200, busyAfterMs = 1000 } = options
  answerProblems(app)
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: policy },
    // It speaks plain HTTP; whoever puts TLS before it says so there.
    ...{ hsts: false, crossOriginResourcePolicy: { policy: 'same-origin' }, referrerPolicy: { policy: 'no-referrer' } },
  })
  await app.register(underPressure, {
    maxEventLoopDelay: busyAfterMs,
    pressureHandler: (request, reply) => {
      if (isForAnybody(request)) return
      void reply.header('retry-after', 1)
      throw new RecordcastError('overloaded', 'The process is too busy; ask again in a moment')
    },
  })
  await app.register(rateLimit, {
    global: false,
    timeWindow: 60_000,
    // The page comes as some hundred small files: whoever opens it a few times shall not find the API closed.
    keyGenerator: (request) => `${request.ip}${isForAnybody(request) ? ' page' : ''}`,
    max: (request) => requestsPerMinute * (isForAnybody(request) ? 10 : 1),
    errorResponseBuilder: (_request, { max }) =>
      new RecordcastError('rate-limited', `At most ${max} requests a minute are taken from one address`),
  })
  // For all requests and before anybody is let in: tokens that are none count, and so do routes that are none.
  app.addHook('onRequest', app.rateLimit())
  await guard(app, tokens)
  await documentApi(app)
  await app.register(async (scope) => {
    // Here and not at the root: other plugins have routes whose schemas are JSON Schemas.
    scope.setValidatorCompiler(validatorCompiler)
    // What is told is made by the operator and typed by the same shapes; a test parses every answer with them.
    scope.setSerializerCompiler(() => JSON.stringify)
    const api = scope.withTypeProvider<ZodTypeProvider>()
    const replays = createReplays(operator)
    const parts = { operator, audit, replays, life: process.hrtime.bigint().toString(36) }
    boardRoutes(api, parts)
    attributeRoutes(api, parts)
    parkedRoutes(api, parts)
    actionRoutes(api, parts)
    catalogueRoutes(api, parts)
    metricsRoute(api, operator)
    healthRoutes(api, operator)
    const endStreams = eventRoutes(api, parts)
    scope.addHook('preClose', async () => endStreams())
    scope.addHook('onClose', () => replays.close())
  })
  await servePage(app)
}
