import { shapes } from '@recordcast/operator/shapes'
import { z } from 'zod'
import { isKnown } from '../http/etag.js'
import { sendJson } from '../http/json-pieces.js'
import { withProblems } from './responses.js'
import type { Api, RouteParts } from './types.js'

const viewer = { may: 'viewer' } as const

/** The bus as it announced itself. */
export function catalogueRoutes(app: Api, { operator, life }: RouteParts): void {
  app.get(
    '/api/asyncapi.json',
    {
      config: viewer,
      schema: {
        ...{ tags: ['catalogue'], summary: 'An AsyncAPI 3.0 document of all sources and listeners' },
        response: withProblems(shapes.catalogue.shape.document),
      },
    },
    async (request, reply) => {
      if (isKnown(request, reply, life, operator.revision())) return reply
      return sendJson(reply, await operator.asyncapi())
    },
  )
  app.get(
    '/api/catalogue',
    {
      config: viewer,
      schema: {
        ...{
          tags: ['catalogue'],
          summary: 'The same document with what is odd about the bus: unread attributes, unheard records, drift',
        },
        response: withProblems(shapes.catalogue),
      },
    },
    async (_request, reply) => sendJson(reply, await operator.catalogue()),
  )
  app.get(
    '/api/me',
    {
      config: viewer,
      schema: {
        ...{ tags: ['catalogue'], summary: 'Who the caller is' },
        response: withProblems(z.object({ role: z.enum(['viewer', 'operator']), by: z.string() })),
      },
    },
    async ({ identity: { role, by } }) => ({ role, by }),
  )
}
