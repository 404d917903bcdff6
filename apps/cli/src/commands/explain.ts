import type { Input } from '@recordcast/operator/shapes'
import type { Command } from 'commander'
import type { Call } from '../call/call.js'
import { exits, usage } from '../call/exits.js'
import { byName } from '../call/listener-names.js'
import { readJsonFile } from '../call/read-json.js'
import { drawExplained } from '../print/explained.js'
import { examples, type Runner } from './define.js'

interface Options {
  readonly event?: string
  readonly sample?: string
}

type Sample = NonNullable<Input<'explainInput'>['sample']>

export function defineExplain(program: Command, run: Runner): void {
  program
    .command('explain')
    .summary('why an event did or did not reach a listener')
    .description(
      `Asks every source that could know, and says what became of an event: tenant, filter leaf by leaf, compared attributes, attributes with where each
came from, the broker's confirmation, attempts, parked. Sources remember their latest events. With --sample an event is made up: nothing is
published, yet loaders are called. Exit code 1 if nobody could tell.`,
    )
    .argument('<listener>', 'as ls shows it')
    .option('--event <id>', 'an event that was emitted')
    .option('--sample <file>', 'one made up, as JSON: {"type", "subject", "tenant", "before", "after"}; - for stdin')
    .addHelpText(
      'after',
      examples(
        'explain notifier --event 0199f0c8-7b1e-7c3a-9b1e-0c8f6a1d2e3f',
        `explain notifier --sample - <<< '{"type":"issue.changed","subject":"7","after":{"state":"closed"}}'`,
      ),
    )
    .action(run<Options, [string]>(explain))
}

async function explain(call: Call<Options>, listener: string): Promise<number> {
  const { event, sample } = call.options
  if ((event === undefined) === (sample === undefined)) {
    throw usage(
      event === undefined ? 'It is not said which event is meant' : 'Both --event and --sample are given',
      'either --event <id> or --sample <file>',
    )
  }
  // The operator's side says what is wrong with it.
  const which =
    sample === undefined
      ? { event }
      : { sample: (await readJsonFile(call.terminal, sample, 'the event')) as unknown as Sample }
  const explained = await call.ask((operator) =>
    byName(listener, (queue) => operator.explain({ listener: queue, ...which } as Input<'explainInput'>)),
  )
  await call.show(explained, (page) => drawExplained(page, explained))
  return explained.fate === 'unknown' ? exits.finding : exits.ok
}
