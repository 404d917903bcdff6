import type { ServerResponse } from 'node:http'
import type { Shape } from '@recordcast/operator/shapes'
import { RecordcastError } from '@recordcast/protocol/errors'
import { z } from 'zod'
import type { Api, RouteParts } from './types.js'

/*
Server-sent events: each as `event: <type>` and `data: <JSON>`, a comment every 15 seconds. Nothing is kept for who was away: there are no ids, and who comes back asks the
other routes for what is. A reader that is too slow loses events rather than have them pile up here; it is told how many by `event: lost`.
*/

const mostStreams = 100
const largestBacklog = 256 * 1024
const beatMs = 15_000

/** @returns ends all streams, as a server that closes must */
export function eventRoutes(app: Api, { operator }: RouteParts): () => void {
  const streams = new Set<ServerResponse>()
  app.get(
    '/api/events/stream',
    {
      config: { may: 'viewer' },
      // It would wait for events without end.
      exposeHeadRoute: false,
      schema: {
        tags: ['events'],
        summary: 'Changes of the boards, sampled decisions of sources and what operators do, as server-sent events',
        response: { 200: { description: 'Events', content: { 'text/event-stream': { schema: z.string() } } } },
      },
    },
    (request, reply) => {
      if (streams.size >= mostStreams) {
        throw new RecordcastError('overloaded', `There are ${mostStreams} streams already; close one`)
      }
      const { raw } = reply.hijack()
      const headers = reply.getHeaders()
      raw.writeHead(200, {
        ...Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)),
        ...{ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
      })
      streams.add(raw)
      const over = new AbortController()
      let lost = 0
      const write = (type: string, data: unknown): void => {
        if (raw.writableLength > largestBacklog) {
          lost++
          return
        }
        if (lost > 0) raw.write(`event: lost\ndata: ${JSON.stringify({ type: 'lost', events: lost })}\n\n`)
        lost = 0
        raw.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
      }
      raw.write('retry: 2000\n\n')
      operator.follow((event: Shape<'liveEvent'>) => write(event.type, event), over.signal)
      const beat = setInterval(() => raw.write(': still here\n\n'), beatMs)
      request.raw.socket.setTimeout(0)
      raw.on('close', () => {
        clearInterval(beat)
        over.abort()
        streams.delete(raw)
      })
    },
  )
  return () => {
    for (const stream of streams) stream.end()
  }
}
