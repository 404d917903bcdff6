import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * For what is told from the boards alone: the same as long as their revision is. `life` tells apart processes, each of which counts revisions of its own.
 * @returns whether the caller has it already; then the reply has been sent, a 304
 */
export function isKnown(request: FastifyRequest, reply: FastifyReply, life: string, revision: number): boolean {
  const tag = `W/"${createHash('sha256').update(`${life} ${revision} ${request.url}`).digest('base64url').slice(0, 22)}"`
  reply.header('etag', tag).header('cache-control', 'private, no-cache')
  const given = request.headers['if-none-match']
  if (given === undefined || !given.split(/\s*,\s*/).includes(tag)) return false
  reply.code(304).send()
  return true
}
