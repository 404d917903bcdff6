import { type ErrorCode, RecordcastError, toProblem } from '@recordcast/protocol/errors'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'

/** RFC 9457, with the codes of docs/errors.md. */
export const problemBody = z.object({
  /** Always `about:blank`: the code says what it is. */
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  code: z.string().meta({ examples: ['unknown-listener'] }),
  detail: z.string(),
  path: z.string().optional(),
  found: z.string().optional(),
  expected: z.string().optional(),
  nearest: z.array(z.string()).optional(),
})
type ProblemBody = z.infer<typeof problemBody>

const statuses: Readonly<Record<string, number>> = {
  unauthorised: 401,
  forbidden: 403,
  'unknown-listener': 404,
  'unknown-source': 404,
  'unknown-record-type': 404,
  'unknown-message': 404,
  'unknown-route': 404,
  'replay-running': 409,
  'listener-alive': 409,
  'confirmation-required': 409,
  'rate-limited': 429,
  'internal-error': 500,
  'nobody-there': 502,
  'responder-failed': 502,
  overloaded: 503,
  stopped: 503,
  'transport-closed': 503,
  'connection-lost': 503,
  'not-confirmed': 503,
  'buffer-full': 503,
  'queue-full': 503,
  'request-timeout': 504,
}

/** What a caller has given: an input that fits no shape, or names an attribute or a name that nothing can carry. */
const askersFault =
  /^(invalid-(request|options|argument|pattern|event)|unknown-attribute|expression-.*|payload-too-large|announcement-too-large)$/

const titles: Readonly<Record<number, string>> = {
  ...{
    400: 'Bad Request',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'Not Found',
    409: 'Conflict',
    413: 'Content Too Large',
  },
  ...{ 415: 'Unsupported Media Type', 429: 'Too Many Requests', 500: 'Internal Server Error', 502: 'Bad Gateway' },
  ...{ 503: 'Service Unavailable', 504: 'Gateway Timeout' },
}

/** Every error leaves as a problem; a fault of ours is logged and not shown. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler(answerProblem)
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, 404, new RecordcastError('unknown-route', `There is no ${request.method} ${shown(request)}`)),
  )
}

/** An error as the answer to a request; also to one that has not come as far as a route. */
export function answerProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { status, error: known } = recognise(error)
  if (status >= 500) request.log.error({ error }, 'A request failed')
  sendProblem(reply, status, known)
}

export function sendProblem(reply: FastifyReply, status: number, error: Error): FastifyReply {
  const { code, message, nearest, ...rest } = toProblem(error)
  const body: ProblemBody = {
    ...{ type: 'about:blank', title: titles[status] ?? 'Error', status, code, detail: message },
    ...{ ...rest, ...(nearest && { nearest: [...nearest] }) },
  }
  return reply.code(status).type('application/problem+json').serializer(JSON.stringify).send(body)
}

function recognise(error: FastifyError): { status: number; error: Error } {
  if (error instanceof RecordcastError) {
    const { code } = error
    const status = statuses[code] ?? (askersFault.test(code) ? 400 : 500)
    return { status, error: status === 500 ? internal() : error }
  }
  if (hasZodFastifySchemaValidationErrors(error)) return { status: 400, error: invalid(error) }
  if (error.code === 'FST_ERR_HANDLER_TIMEOUT') {
    const sentence = 'The broker or a service did not answer in time'
    return { status: 504, error: timedOut(sentence) }
  }
  const status = error.statusCode ?? 500
  if (status >= 400 && status < 500) return { status, error: refused(status, error.message) }
  return status === 503 ? { status, error: refused(503, error.message) } : { status: 500, error: internal() }
}

function invalid({ validation, validationContext }: FastifyError): RecordcastError {
  const [first] = validation ?? []
  const path = `/${validationContext ?? 'request'}${first?.instancePath ?? ''}`
  const expected = first?.message ?? 'what the documentation says'
  return new RecordcastError('invalid-request', `The request does not fit at "${path}": ${expected}`, {
    path,
    expected,
  })
}

const codes: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthorised',
  403: 'forbidden',
  404: 'unknown-route',
  429: 'rate-limited',
  503: 'overloaded',
}

function refused(status: number, message: string): RecordcastError {
  return new RecordcastError(codes[status] ?? 'invalid-request', message)
}

function timedOut(sentence: string): Error {
  return Object.assign(new RecordcastError('overloaded', sentence), { code: 'request-timeout' })
}

function internal(): RecordcastError {
  return new RecordcastError('internal-error', 'A fault of the admin; its log says more')
}

function shown({ url }: FastifyRequest): string {
  return url.slice(0, 200)
}
