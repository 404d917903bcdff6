import type { Operator, ReplayInput } from '@recordcast/operator'
import type { Shape } from '@recordcast/operator/shapes'
import type { Command } from 'commander'
import { RecordcastError } from 'recordcast'
import type { Call } from '../../call/call.js'
import { confirmName, confirmYes } from '../../call/confirm.js'
import { exits, usage } from '../../call/exits.js'
import { numberFrom, several } from '../../call/globals.js'
import { byName } from '../../call/listener-names.js'
import { createProgress } from '../../call/progress.js'
import { count } from '../../print/words.js'
import { examples, type Runner } from '../define.js'

interface Options {
  readonly id?: readonly string[]
  readonly code?: string
  readonly all?: boolean
  readonly dryRun?: boolean
  readonly perSecond: number
  readonly yes?: boolean
  readonly confirm?: string
}

type Action = 'replay' | 'drop'
type Report = Shape<'replay'>

const words = {
  replay: { verb: 'replay', done: 'replayed', summary: 'put parked messages back into the queue' },
  drop: { verb: 'drop', done: 'dropped', summary: 'let go of parked messages for good' },
} as const

export function defineParkedActions(parked: Command, run: Runner): void {
  for (const action of ['replay', 'drop'] as const) {
    const { summary, verb } = words[action]
    const command = parked
      .command(action)
      .summary(summary)
      .description(
        `Counts first which messages it would ${verb}, and asks. Say which: by id, by error code, or all. Ctrl-C ends it after the message at hand; what was done is told. Exit code 1 if a message could not be ${words[action].done}.`,
      )
      .argument('<listener>', 'as ls shows it')
      .option('--id <id>', 'one message, as parked ls shows it; may be given several times', several)
      .option('--code <code>', 'all that were parked for this reason')
      .option('--all', 'all of them')
      .option('--dry-run', 'only count them')
      .option('--per-second <n>', 'most messages a second', numberFrom(0.2, 10_000), 100)
    if (action === 'replay') command.option('-y, --yes', 'do not ask')
    else command.option('--confirm <name>', "the listener's name once more, where nobody can be asked")
    const sure = action === 'replay' ? '--yes' : '--confirm notifier'
    command
      .addHelpText(
        'after',
        examples(
          `parked ${action} notifier --all --dry-run`,
          `parked ${action} notifier --code handler-failed ${sure}`,
          `parked ${action} notifier --all --per-second 10`,
        ),
      )
      .action(run<Options, [string]>((call, listener) => act(call, action, listener)))
  }
}

async function act(call: Call<Options>, action: Action, listener: string): Promise<number> {
  const which = whichOf(call.options)
  const { dryRun } = call.options
  const report = await call.withOperator(async (operator) => {
    const counted = await call.within('The answer', () =>
      byName(listener, (queue) => begin(operator, action, queue, { which, by: call.by, dryRun: true })),
    )
    if (dryRun) return counted
    refuseNothing(counted, which)
    if (counted.selected === 0) return counted
    call.note(sentence(counted))
    return perform(call, operator, counted, which)
  })
  await call.show(report, (page) => {
    page.line(sentence(report), report.failures > 0 || report.problem ? 'bad' : undefined)
    for (const { id, problem } of report.failed) page.line(`  ${id}: ${problem.message} (${problem.code})`)
    if (report.problem) page.line(`Ended before its time: ${report.problem.message} (${report.problem.code})`, 'bad')
  })
  if (call.terminal.interrupted.aborted) return exits.interrupted
  return report.failures > 0 || report.problem !== undefined ? exits.finding : exits.ok
}

function whichOf({ id, code, all }: Options): ReplayInput['which'] {
  if ([id, code, all].filter((each) => each !== undefined).length !== 1) {
    throw usage('It is not said which messages are meant', 'one of --id, --code and --all')
  }
  if (id !== undefined) return { ids: [...id] }
  return code === undefined ? { all: true } : { code }
}

function refuseNothing({ queue, selected }: Report, which: ReplayInput['which']): void {
  if (selected > 0 || !('ids' in which)) return
  throw new RecordcastError('unknown-message', `None of these messages is parked at "${queue}"`, {
    ...{ found: which.ids.join(', '), expected: `ids that \`recordcast parked ls ${queue}\` shows` },
  })
}

/** A dry run lets go of nothing and needs no confirmation. */
function begin(
  operator: Operator,
  action: Action,
  queue: string,
  input: ReplayInput & { confirm?: string },
): Promise<Report> {
  return action === 'replay' ? operator.replay(queue, input) : operator.dropParked(queue, input)
}

async function perform(
  call: Call<Options>,
  operator: Operator,
  counted: Report,
  which: ReplayInput['which'],
): Promise<Report> {
  const { queue, action, selected } = counted
  const { verb, done } = words[action]
  const { yes, confirm, perSecond } = call.options
  const messages = count(selected, 'message')
  const confirmed = action === 'drop' ? await confirmName(call, queue, confirm, `Dropping ${messages}`) : undefined
  if (action === 'replay')
    await confirmYes(call, yes, `${verb[0]?.toUpperCase()}${verb.slice(1)} ${messages} to ${queue}?`)
  const progress = createProgress(call.terminal)
  try {
    return await begin(operator, action, queue, {
      ...{ which, perSecond, by: call.by, signal: call.terminal.interrupted },
      ...(confirmed !== undefined && { confirm: confirmed }),
      onProgress: (report) => progress.at(`${report.selected} of ${messages} ${done}`),
    })
  } finally {
    progress.end()
  }
}

function sentence({ queue, action, dryRun, selected, looked, replayed, dropped, failures }: Report): string {
  const { done } = words[action]
  if (dryRun)
    return `${selected} of the ${count(looked, 'parked message')} of ${queue} that were looked at would be ${done}.`
  const went = action === 'replay' ? replayed : dropped
  return `${count(went, 'message')} of ${queue} ${went === 1 ? 'was' : 'were'} ${done}${failures > 0 ? `, ${failures} failed and stay parked` : ''}.`
}
