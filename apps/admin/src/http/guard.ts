import bearerAuth from '@fastify/bearer-auth'
import { RecordcastError } from '@recordcast/protocol/errors'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Identity, Role, Tokens } from '../tokens.js'
import { sendProblem } from './problem.js'

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity
  }
  interface FastifyContextConfig {
    /** Who may; default operator. `anybody` needs no token. */
    may?: Role | 'anybody'
  }
}

/*
Who may do what. With tokens, every route but those for anybody wants one. Without, whoever reaches the port is an operator, which is why the server then binds to
loopback only; a page of another site may reach it through a browser, so three things are looked at whether there are tokens or not:

  Host     without tokens, a name of this machine's loopback: a foreign name that was made to lead here is no name of ours
  Origin   where a browser says it, that of the page itself; so is Sec-Fetch-Site
  body     what changes something comes as JSON, which no form and no link can send and no other origin may without asking first
*/

const local: Identity = { role: 'operator', by: 'local' }
const safe = new Set(['GET', 'HEAD', 'OPTIONS'])
const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i

export async function guard(app: FastifyInstance, tokens: Tokens): Promise<void> {
  // Set by the hook below before any route but those for anybody, which do not ask.
  app.decorateRequest('identity', null as unknown as Identity)
  await app.register(bearerAuth, {
    ...{ keys: [], addHook: false, verifyErrorLogLevel: 'debug' },
    auth(token, request) {
      const identity = tokens.find(token)
      if (identity !== undefined) request.identity = identity
      return identity !== undefined
    },
  })
  app.addHook('onRequest', async (request, reply) => {
    const may = request.routeOptions.config.may ?? 'operator'
    refuseForeign(request, tokens.size > 0)
    if (tokens.size === 0) {
      request.identity = local
      return
    }
    if (may === 'anybody') return
    const error = await new Promise<Error | undefined>((resolve) => app.verifyBearerAuth?.(request, reply, resolve))
    if (error !== undefined) {
      reply.header('www-authenticate', 'Bearer realm="recordcast"')
      await sendProblem(
        reply,
        401,
        new RecordcastError('unauthorised', 'A valid token is wanted: "Authorization: Bearer …"'),
      )
      return reply
    }
    if (may === 'operator' && request.identity.role !== 'operator') throw forbidden('This needs a token of an operator')
    return undefined
  })
}

/** Routes that a plugin makes from here on need no token. */
export function letAnybodyIn(scope: FastifyInstance): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, may: 'anybody' }
  })
}

/** Whether a request is to such a route. */
export function isForAnybody(request: FastifyRequest): boolean {
  return request.routeOptions.config.may === 'anybody'
}

function refuseForeign(request: FastifyRequest, hasTokens: boolean): void {
  const { host = '', origin, 'sec-fetch-site': site } = request.headers
  if (!hasTokens && !loopback.test(host)) throw forbidden('Without tokens this answers to names of the loopback only')
  if (safe.has(request.method)) return
  if (origin !== undefined && !isOwn(origin, host)) throw forbidden('The request comes from another origin')
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw forbidden('The request comes from another site')
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw Object.assign(new Error('What changes something comes as application/json'), { statusCode: 415 })
  }
}

function isOwn(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase()
}

function forbidden(sentence: string): RecordcastError {
  return new RecordcastError('forbidden', sentence)
}
