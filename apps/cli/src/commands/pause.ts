import type { Command } from 'commander'
import type { Call } from '../call/call.js'
import { byName } from '../call/listener-names.js'
import { moment } from '../print/words.js'
import { examples, type Runner } from './define.js'

const does = {
  pause: {
    summary: 'let a listener handle nothing for a while',
    description:
      'Pauses a listener: its instances take nothing more, now and when they start again, until it is resumed. Its queue fills.',
    more: ['pause notifier', 'pause notifier --by "on call"'],
  },
  resume: {
    summary: 'let a paused listener go on',
    description: 'Ends the pause of a listener.',
    more: ['resume notifier'],
  },
} as const

export function definePause(program: Command, run: Runner): void {
  for (const action of ['pause', 'resume'] as const) {
    const { summary, description, more } = does[action]
    program
      .command(action)
      .summary(summary)
      .description(description)
      .argument('<listener>', 'as ls shows it')
      .addHelpText('after', examples(...more))
      .action(run<object, [string]>((call, listener) => act(call, action, listener)))
  }
}

async function act(call: Call<object>, action: 'pause' | 'resume', listener: string): Promise<void> {
  const report = await call.ask((operator) => byName(listener, (queue) => operator[action](queue, { by: call.by })))
  const { queue, paused, since, by } = report
  await call.show(report, (page) =>
    page.line(
      paused
        ? `${queue} is paused${since === undefined ? '' : ` since ${moment(since)}`}${by === undefined ? '' : ` by ${by}`}.`
        : `${queue} is not paused.`,
    ),
  )
}
