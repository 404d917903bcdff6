import { shapes } from '@recordcast/operator/shapes'
import { z } from 'zod'
import { sendJson } from '../http/json-pieces.js'
import { withProblems } from './responses.js'
import type { Api, RouteParts } from './types.js'

const viewer = { may: 'viewer' } as const
const record = z
  .string()
  .min(1)
  .max(64)
  .meta({ examples: ['issue'] })
const paths = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat().flatMap((each) => each.split(',')))

/** Who uses which attribute, what a change breaks, and why an event did not arrive. */
export function attributeRoutes(app: Api, { operator }: RouteParts): void {
  app.get(
    '/api/attributes',
    {
      config: viewer,
      schema: {
        ...{ tags: ['attributes'], summary: 'Every attribute of a record type and who reads it' },
        ...{ querystring: z.object({ record }), response: withProblems(shapes.attributes) },
      },
    },
    async (request, reply) => sendJson(reply, await operator.attributes(request.query.record)),
  )
  app.get(
    '/api/impact',
    {
      config: viewer,
      schema: {
        ...{ tags: ['attributes'], summary: 'Which listeners break if attributes go' },
        querystring: z.object({ record, remove: paths.meta({ examples: ['author.login'] }) }),
        response: withProblems(shapes.impact),
      },
    },
    async ({ query }, reply) => sendJson(reply, await operator.impact(query.record, { remove: query.remove })),
  )
  app.post(
    '/api/impact',
    {
      config: viewer,
      schema: {
        ...{
          tags: ['attributes'],
          summary: 'Which listeners break under another JSON Schema, or without some attributes',
        },
        ...{ querystring: z.object({ record }), body: shapes.impactInput, response: withProblems(shapes.impact) },
      },
    },
    async ({ query, body }, reply) => sendJson(reply, await operator.impact(query.record, body)),
  )
  app.post(
    '/api/explain',
    {
      schema: {
        ...{
          tags: ['attributes'],
          summary: 'Why an event did or did not arrive at a listener, or whether a made-up one would',
        },
        ...{ body: shapes.explainInput, response: withProblems(shapes.explain) },
      },
    },
    (request) => operator.explain(request.body),
  )
}
