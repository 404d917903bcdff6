import { shapes } from '@recordcast/operator/shapes'
import { z } from 'zod'
import { withProblems } from './responses.js'
import type { Api, RouteParts } from './types.js'

const queue = z.object({ queue: z.string() })

/** What an operator does to a listener. */
export function actionRoutes(app: Api, { operator, audit }: RouteParts): void {
  app.delete(
    '/api/listeners/:queue',
    {
      schema: {
        ...{
          tags: ['actions'],
          summary: 'Withdraws a listener that is no more: its announcement, then its queue with all messages',
        },
        params: queue,
        body: z.object({
          dryRun: z.boolean().default(false),
          confirm: z
            .string()
            .max(512)
            .optional()
            .meta({ description: 'The name of the queue once more; not for a dry run' }),
        }),
        response: withProblems(shapes.withdraw),
      },
    },
    ({ params, body: { dryRun, confirm }, identity: { by } }) =>
      operator.withdraw(params.queue, { dryRun, by, ...(confirm !== undefined && { confirm }) }),
  )
  app.post(
    '/api/listeners/:queue/pause',
    {
      schema: {
        ...{ tags: ['actions'], summary: 'Has every instance stop taking from the queue, until it is resumed' },
        ...{ params: queue, body: z.object({}), response: withProblems(shapes.pause) },
      },
    },
    ({ params, identity }) => operator.pause(params.queue, identity),
  )
  app.post(
    '/api/listeners/:queue/resume',
    {
      schema: {
        ...{ tags: ['actions'], summary: 'Ends a pause' },
        ...{ params: queue, body: z.object({}), response: withProblems(shapes.pause) },
      },
    },
    ({ params, identity }) => operator.resume(params.queue, identity),
  )
  app.get(
    '/api/audit',
    {
      schema: {
        ...{
          tags: ['actions'],
          summary: 'What operators did through this process, newest first; the log of the process has it for good',
        },
        response: withProblems(z.object({ items: z.array(shapes.auditEntry) })),
      },
    },
    async () => ({ items: audit.latest() }),
  )
}
