import { shapes } from '@recordcast/operator/shapes'
import { RecordcastError } from '@recordcast/protocol/errors'
import { z } from 'zod'
import type { Replays } from '../replays.js'
import { withProblems } from './responses.js'
import type { Api, RouteParts } from './types.js'

const queue = z.object({ queue: z.string() })
const confirm = z
  .string()
  .max(512)
  .optional()
  .meta({ description: 'The name of the queue once more; not for a dry run' })
const how = z.object({
  which: shapes.which,
  dryRun: z.boolean().default(false),
  perSecond: z.number().min(0.2).max(10_000).default(100),
})
const report = { ...withProblems(shapes.replay), 202: shapes.replay }

/** Parked messages of a listener: to look at, to replay, to drop. Payloads are for operators. */
export function parkedRoutes(app: Api, { operator, replays }: RouteParts & { readonly replays: Replays }): void {
  app.get(
    '/api/listeners/:queue/parked',
    {
      schema: {
        ...{ tags: ['parked'], summary: 'Parked messages, oldest first, and their groups by error code' },
        ...{ params: queue, querystring: shapes.parkedInput, response: withProblems(shapes.parked) },
      },
    },
    ({ params, query }) => operator.parked(params.queue, query),
  )
  app.get(
    '/api/listeners/:queue/parked/:id',
    {
      schema: {
        ...{ tags: ['parked'], summary: 'One parked message whole, sensitive attributes masked' },
        ...{ params: queue.extend({ id: z.string() }), response: withProblems(shapes.parkedMessage) },
      },
    },
    ({ params }) => operator.parkedMessage(params.queue, params.id),
  )
  app.post(
    '/api/listeners/:queue/replay',
    {
      schema: {
        ...{ tags: ['parked'], summary: 'Replays parked messages; 202 when it takes longer than a few seconds' },
        ...{ params: queue, body: how, response: report },
      },
    },
    async (request, reply) => {
      const told = await replays.begin('replay', request.params.queue, { ...request.body, by: request.identity.by })
      return reply.code(told.finished ? 200 : 202).send(told)
    },
  )
  app.post(
    '/api/listeners/:queue/drop',
    {
      schema: {
        ...{ tags: ['parked'], summary: 'Lets go of parked messages for good' },
        ...{ params: queue, body: how.extend({ confirm }), response: report },
      },
    },
    async (request, reply) => {
      const { confirm: given, ...input } = request.body
      const actor = { by: request.identity.by, ...(given !== undefined && { confirm: given }) }
      const told = await replays.begin('drop', request.params.queue, { ...input, ...actor })
      return reply.code(told.finished ? 200 : 202).send(told)
    },
  )
  app.get(
    '/api/listeners/:queue/replay',
    {
      schema: {
        ...{
          tags: ['parked'],
          summary: 'How far the latest replay or drop of this queue is, begun through this process',
        },
        ...{ params: queue, response: withProblems(shapes.replay) },
      },
    },
    async ({ params }) => latest(replays, params.queue),
  )
  app.delete(
    '/api/listeners/:queue/replay',
    {
      schema: {
        ...{ tags: ['parked'], summary: 'Ends a replay or drop after the message at hand' },
        ...{ params: queue, response: withProblems(shapes.replay) },
      },
    },
    async ({ params }) => {
      replays.end(params.queue)
      return latest(replays, params.queue)
    },
  )
}

function latest(replays: Replays, name: string) {
  const found = replays.latest(name)
  if (found !== undefined) return found
  throw new RecordcastError('unknown-message', `Nothing of "${name}" has been replayed or dropped through this process`)
}
