import type { Operator } from '@recordcast/operator'
import { z } from 'zod'
import { createMetrics } from '../metrics/metrics.js'
import type { Api } from './types.js'

/** What Prometheus scrapes. */
export function metricsRoute(app: Api, operator: Operator): void {
  const metrics = createMetrics(operator)
  app.addHook('onClose', async () => metrics.close())
  app.get(
    '/metrics',
    {
      config: { may: 'viewer' },
      schema: {
        tags: ['health'],
        summary: 'Metrics in the text format of Prometheus',
        response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text(Date.now())),
  )
}
