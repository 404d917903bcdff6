import { type Message, TransportError } from '@recordcast/transport'
import { headersOf, open, seal } from '../envelope.js'
import { isNobody, isTimeout, unconfirmed } from '../link/errors.js'
import type { Party } from '../party.js'

const longestMs = 2 ** 31 - 1

/** One question; it ends by an answer, an error, the clock, or with its transport. */
export async function ask(
  party: Party,
  address: string,
  { id, headers, body }: Message,
  timeoutMs: number,
): Promise<Message> {
  let end = (_: TransportError): void => {}
  const ended = new Promise<never>((_, reject) => {
    end = reject
  })
  party.questions.add(end)
  try {
    return await Promise.race([ended, answer()])
  } finally {
    party.questions.delete(end)
  }

  async function answer(): Promise<Message> {
    const waitMs = Math.min(Math.max(1, timeoutMs), longestMs)
    const sealed = headersOf(seal({ id, headers, timeoutMs: Math.ceil(waitMs) }))
    try {
      const { message, failed } = open(
        await party.link.request(party.names.address(address), body, waitMs, sealed),
        'answer',
      )
      if (failed === undefined) return message
      throw new TransportError('responder-failed', `The responder at ${address} failed: ${failed}`)
    } catch (error) {
      if (isNobody(error)) throw new TransportError('nobody-there', `Nobody responds at ${address}.`)
      if (isTimeout(error))
        throw new TransportError('request-timeout', `Nobody at ${address} answered within ${timeoutMs} ms.`)
      throw unconfirmed(error, `The request to ${address} was not answered`, party.settings.scrub)
    }
  }
}
