import type { Operator } from '@recordcast/operator'
import type { Shape } from '@recordcast/operator/shapes'
import type { Command } from 'commander'
import { RecordcastError } from 'recordcast'
import type { Call } from '../call/call.js'
import { byName } from '../call/listener-names.js'
import { drawListener } from '../print/listener.js'
import { drawSource } from '../print/source.js'
import { examples, type Runner } from './define.js'

type Found = { listener?: Shape<'listener'>; source?: Shape<'source'> }

export function defineShow(program: Command, run: Runner): void {
  program
    .command('show')
    .summary('one listener or source with all that is known of it')
    .description(
      'Shows a listener (queue, subscriptions, what each source says of them, counts) or an instance of a source (record types, projections, loaders). A service that is both is shown as both.',
    )
    .argument('<name>', 'a listener, or a source as service/instance; its service will do where it has one instance')
    .addHelpText('after', examples('show notifier', 'show forge', 'show forge/6Qn0… --json'))
    .action(run<object, [string]>(show))
}

async function show(call: Call<object>, name: string): Promise<void> {
  const found = await call.ask((operator) => find(operator, name))
  await call.show(found, (page) => {
    if (found.listener) drawListener(page, found.listener)
    if (found.source) drawSource(page, found.source)
  })
}

async function find(operator: Operator, name: string): Promise<Found> {
  const [listener, source] = await Promise.allSettled([
    byName(name, (queue) => operator.listener(queue)),
    operator.source(name),
  ])
  if (listener.status === 'fulfilled' || source.status === 'fulfilled') {
    return {
      ...(listener.status === 'fulfilled' && { listener: listener.value }),
      ...(source.status === 'fulfilled' && { source: source.value }),
    }
  }
  throw neither(name, listener.reason, source.reason)
}

function neither(name: string, asListener: unknown, asSource: unknown): unknown {
  if (!(asListener instanceof RecordcastError) || asListener.code !== 'unknown-listener') return asListener
  if (!(asSource instanceof RecordcastError) || asSource.code !== 'unknown-source') return asSource
  // A service with several instances: that error says which there are.
  if (!asSource.message.startsWith('There is no')) return asSource
  return new RecordcastError('unknown-listener', `There is neither a listener nor a source "${name}"`, {
    ...{ found: name, expected: 'a name that `recordcast ls` shows' },
    nearest: [...new Set([...(asListener.nearest ?? []), ...(asSource.nearest ?? [])])],
  })
}
