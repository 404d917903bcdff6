import type { Operator } from '@recordcast/operator'
import { z } from 'zod'
import type { Api } from './types.js'

const anybody = { may: 'anybody' } as const
const state = z.object({ status: z.enum(['up', 'down']) })

/** Whether the process runs, and whether it reaches the broker. */
export function healthRoutes(app: Api, operator: Operator, readyMs = 2000): void {
  app.get(
    '/health/live',
    { config: anybody, schema: { tags: ['health'], summary: 'The process runs', response: { 200: state } } },
    async () => ({ status: 'up' as const }),
  )
  app.get(
    '/health/ready',
    {
      config: anybody,
      schema: { tags: ['health'], summary: 'The broker answers', response: { 200: state, 503: state } },
    },
    async (_request, reply) => {
      const isUp = await operator.reaches(readyMs)
      return reply.code(isUp ? 200 : 503).send({ status: isUp ? 'up' : 'down' })
    },
  )
}
