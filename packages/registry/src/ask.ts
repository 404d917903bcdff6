import { decodeControl, encodeControl } from '@recordcast/protocol/control'
import { RecordcastError } from '@recordcast/protocol/errors'
import { answerSchema, type ControlAnswer, type ControlRequest, requestSchema } from '@recordcast/protocol/requests'
import type { Message, Running, Transport } from '@recordcast/transport'
import { largestAnswer } from './limits.js'

type AnswerTo<K extends ControlRequest['kind']> = Extract<ControlAnswer, { kind: K }>

/**
 * Asks a source or a listener. Rejects with the transport's nobody-there or request-timeout, with announcement-* when the
 * answer does not parse, or with what the other side refused with.
 */
export async function ask<R extends ControlRequest>(
  transport: Transport,
  address: string,
  request: R,
  timeoutMs: number,
): Promise<AnswerTo<R['kind']>> {
  const reply = await transport.request(address, message(encodeControl(request, largestAnswer)), { timeoutMs })
  const answer = decodeControl(answerSchema, reply.body, largestAnswer)
  if (answer.kind === 'error') {
    throw new RecordcastError('announcement-invalid', `${address} refused the request: ${answer.problem.message}`)
  }
  if (answer.kind !== request.kind) {
    throw new RecordcastError('announcement-invalid', `${address} answered "${answer.kind}" to "${request.kind}"`)
  }
  return answer as AnswerTo<R['kind']>
}

/** Answers requests at an address; what does not parse is answered with an error, never thrown at the transport. */
export function answerAt(
  transport: Transport,
  address: string,
  answer: (request: ControlRequest) => Promise<ControlAnswer>,
): Promise<Running> {
  return transport.respond(address, async (incoming) => {
    let reply: ControlAnswer
    try {
      reply = await answer(decodeControl(requestSchema, incoming.body, largestAnswer))
    } catch (error) {
      const { code, message: sentence } = problemOf(error)
      reply = { v: 1, kind: 'error', problem: { code, message: sentence } }
    }
    return message(encodeControl(reply, largestAnswer))
  })
}

function problemOf(error: unknown): { code: string; message: string } {
  if (error instanceof RecordcastError) return { code: error.code, message: error.message.slice(0, 2048) }
  return { code: 'handler-failed', message: String(error).slice(0, 2048) }
}

function message(body: Uint8Array): Message {
  return { id: 'control', body, headers: { 'content-type': 'application/json' } }
}
