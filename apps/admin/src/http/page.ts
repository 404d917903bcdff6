import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { letAnybodyIn } from './guard.js'

const root = fileURLToPath(new URL('../../public/', import.meta.url))

/** The page: plain files, which anybody may have; what they show comes from the API, which asks who wants it. */
export async function servePage(app: FastifyInstance): Promise<void> {
  await app.register(async (scope) => {
    letAnybodyIn(scope)
    await scope.register(fastifyStatic, {
      root,
      index: ['index.html'],
      dotfiles: 'deny',
      cacheControl: true,
      maxAge: 0,
    })
  })
}
