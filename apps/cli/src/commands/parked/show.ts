import type { Shape } from '@recordcast/operator/shapes'
import type { Command } from 'commander'
import type { Call } from '../../call/call.js'
import { byName } from '../../call/listener-names.js'
import { jsonText } from '../../print/json.js'
import type { Page } from '../../print/page.js'
import { moment } from '../../print/words.js'
import { examples, type Runner } from '../define.js'

export function defineParkedShow(parked: Command, run: Runner): void {
  parked
    .command('show')
    .summary('one parked message whole')
    .description(
      'Shows a parked message with its event, error and stack. Attributes that the record type calls sensitive are masked.',
    )
    .argument('<listener>', 'as ls shows it')
    .argument('<id>', 'as parked ls shows it')
    .addHelpText('after', examples('parked show notifier 0199f0c8-7b1e-7c3a-9b1e-0c8f6a1d2e3f'))
    .action(run<object, [string, string]>(show))
}

async function show(call: Call<object>, listener: string, id: string): Promise<void> {
  const message = await call.ask((operator) => byName(listener, (queue) => operator.parkedMessage(queue, id)))
  await call.show(message, (page) => draw(page, message))
}

const maskedBecause = {
  no: undefined,
  some: 'what the record type calls sensitive',
  all: 'everything: no source on the board knows the record type',
} as const

function draw(page: Page, message: Shape<'parkedMessage'>): void {
  const { event } = message
  page.heading(`${message.queue}: ${message.id}`)
  page.pairs({
    why: `${message.code}: ${message.message}`,
    attempts: message.attempts,
    'first failed': message.firstFailedAt && moment(message.firstFailedAt),
    'first error': message.firstError,
    parked: moment(message.parkedAt),
    event: event && `${event.type} of ${event.subject}, ${moment(event.time)}, from ${event.source}`,
    tenant: event?.tenant,
    bytes: message.bytes,
    masked: maskedBecause[message.masked],
    'cannot be read': message.undecodable && `${message.undecodable.message} (${message.undecodable.code})`,
  })
  if (message.data !== undefined) {
    page.heading('Attributes')
    for (const line of jsonText(message.data).trimEnd().split('\n')) page.line(line)
  }
  for (const { path, code, message: why } of message.missing ?? [])
    page.line(`Missing: ${path}: ${why} (${code})`, 'bad')
  if (message.stack === undefined) return
  page.heading('Stack')
  for (const line of message.stack.split('\n')) page.line(line, 'faint')
}
