import { decodeControl, encodeControl } from '@recordcast/protocol/control'
import { type ErrorCode, errorCodes, RecordcastError, toProblem } from '@recordcast/protocol/errors'
import { answerSchema, type ControlAnswer, type ControlRequest, requestSchema } from '@recordcast/protocol/requests'
import { newEventId } from '@recordcast/protocol/wire'
import type { Message, Running, Transport } from '@recordcast/transport'
import { largestAnswer, largestRequest } from './limits.js'

type AnswerTo<K extends ControlRequest['kind']> = Extract<ControlAnswer, { kind: K }>
type Refusal = Extract<ControlAnswer, { kind: 'error' }>['problem']

/**
 * Asks a source or a listener. Rejects with the transport's nobody-there or request-timeout, with announcement-* when the
 * answer does not parse or is one to another request, or with what the other side refused with.
 */
export async function ask<R extends ControlRequest>(
  transport: Transport,
  address: string,
  request: R,
  timeoutMs: number,
): Promise<AnswerTo<R['kind']>> {
  const reply = await transport.request(address, message(encodeControl(request, largestRequest)), { timeoutMs })
  const answer = decodeControl(answerSchema, reply.body, largestAnswer)
  if (answer.kind === 'error') throw refused(address, answer.problem)
  if (answer.kind !== request.kind) {
    throw new RecordcastError('announcement-invalid', `${address} answered "${answer.kind}" to "${request.kind}"`, {
      ...{ path: '/kind', found: answer.kind, expected: request.kind },
    })
  }
  return answer as AnswerTo<R['kind']>
}

/** Answers requests at an address; what does not parse is answered with an error, never thrown at the transport. */
export function answerAt(
  transport: Transport,
  address: string,
  answer: (request: ControlRequest) => Promise<ControlAnswer>,
): Promise<Running> {
  const largest = Math.min(largestAnswer, transport.traits.maxBodyBytes)
  return transport.respond(address, async ({ body }) => {
    try {
      return message(encodeControl(await answer(decodeControl(requestSchema, body, largestRequest)), largest))
    } catch (error) {
      return message(encodeControl({ v: 1, kind: 'error', problem: toProblem(error) }, largest))
    }
  })
}

/** What the other side said, as an error of this side. A code that this release does not know is not made one of its own. */
function refused(
  address: string,
  { code, message: sentence, path, found, expected, nearest }: Refusal,
): RecordcastError {
  const known = (errorCodes as readonly string[]).includes(code)
  const said = `${address} refused the request: ${known ? '' : `${code}: `}${sentence}`
  return new RecordcastError(known ? (code as ErrorCode) : 'announcement-invalid', said, {
    ...(path !== undefined && { path }),
    ...(found !== undefined && { found }),
    ...(expected !== undefined && { expected }),
    ...(nearest !== undefined && { nearest }),
  })
}

function message(body: Uint8Array): Message {
  return { id: newEventId(), body, headers: { 'content-type': 'application/json' } }
}
