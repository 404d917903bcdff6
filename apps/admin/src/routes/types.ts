import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Operator } from '@recordcast/operator'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { AuditLog } from '../audit-log.js'

/** The API's own fastify, whose schemas are zod's. */
export type Api = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>

export interface RouteParts {
  readonly operator: Operator
  readonly audit: AuditLog
  /** Distinct for each process. */
  readonly life: string
}
