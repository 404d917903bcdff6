import { shapes } from '@recordcast/operator/shapes'
import { encodeName } from '@recordcast/protocol/names'
import { z } from 'zod'
import { isKnown } from '../http/etag.js'
import { sendJson } from '../http/json-pieces.js'
import { withProblems } from './responses.js'
import type { Api, RouteParts } from './types.js'

const viewer = { may: 'viewer' } as const
const name = z.string().min(1).max(256)

/** What stands on the boards: subscriptions, listeners, sources, the picture of them. */
export function boardRoutes(app: Api, { operator, life }: RouteParts): void {
  app.get(
    '/api/subscriptions',
    {
      config: viewer,
      schema: {
        ...{ tags: ['board'], summary: 'Subscriptions, filtered by service, event type, attribute and tenant' },
        ...{ querystring: shapes.subscriptionsInput, response: withProblems(shapes.subscriptions) },
      },
    },
    async (request, reply) => {
      if (isKnown(request, reply, life, operator.revision())) return reply
      return operator.subscriptions(request.query)
    },
  )
  app.get(
    '/api/listeners',
    {
      config: viewer,
      schema: {
        ...{ tags: ['board'], summary: 'Listeners with the state of their queues' },
        ...{ querystring: shapes.listenersInput, response: withProblems(shapes.listeners) },
      },
    },
    (request) => operator.listeners(request.query),
  )
  app.get(
    '/api/listeners/:queue',
    {
      config: viewer,
      schema: {
        ...{ tags: ['board'], summary: 'One listener: sets, verdicts of every source, counts, one instance a set' },
        ...{ params: z.object({ queue: z.string() }), response: withProblems(shapes.listener) },
      },
    },
    (request) => operator.listener(request.params.queue),
  )
  app.get(
    '/api/sources',
    {
      config: viewer,
      schema: {
        ...{ tags: ['board'], summary: 'Instances of sources' },
        ...{ querystring: shapes.pageInput, response: withProblems(shapes.sources) },
      },
    },
    (request) => operator.sources(request.query),
  )
  app.get(
    '/api/sources/:service',
    {
      config: viewer,
      schema: {
        ...{ tags: ['board'], summary: 'The one instance of a source' },
        ...{ params: z.object({ service: name }), response: withProblems(shapes.source) },
      },
    },
    async (request, reply) => sendJson(reply, await operator.source(request.params.service)),
  )
  app.get(
    '/api/sources/:service/:instance',
    {
      config: viewer,
      schema: {
        ...{ tags: ['board'], summary: 'One instance of a source: record types, projections, loaders, counts' },
        ...{ params: z.object({ service: name, instance: name }), response: withProblems(shapes.source) },
      },
    },
    async ({ params: { service, instance } }, reply) =>
      sendJson(reply, await operator.source(`${plainName(service)}/${plainName(instance)}`)),
  )
  app.get(
    '/api/bus',
    {
      config: viewer,
      schema: {
        ...{ tags: ['board'], summary: 'The bus as a picture: sources, listeners, what flows between them' },
        querystring: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(200) }),
        response: withProblems(shapes.bus),
      },
    },
    (request) => operator.bus(request.query.limit),
  )
  app.get(
    '/api/orphans',
    {
      config: viewer,
      schema: {
        ...{
          tags: ['board'],
          summary: 'Queues without a fact, facts without a queue, announcements that do not parse',
        },
        response: withProblems(shapes.orphans),
      },
    },
    async (_request, reply) => sendJson(reply, await operator.orphans()),
  )
}

/** A segment of a path was decoded by the router; keys of the board are encoded. */
function plainName(segment: string): string {
  return encodeName(segment)
}
