import type { Command } from 'commander'
import type { Call } from '../call/call.js'
import { confirmName } from '../call/confirm.js'
import { byName } from '../call/listener-names.js'
import { count } from '../print/words.js'
import { examples, type Runner } from './define.js'

interface Options {
  readonly dryRun?: boolean
  readonly confirm?: string
}

export function defineWithdraw(program: Command, run: Runner): void {
  program
    .command('withdraw')
    .summary('end a listener for good, its queue included')
    .description(
      'Takes the subscriptions of a listener off the board and drops its queue with every message in it. For listeners of which no instance runs any more, and for orphaned queues. Says first what would go.',
    )
    .argument('<listener>', 'as ls shows it, or a queue that orphans shows')
    .option('--dry-run', 'only say what would go')
    .option('--confirm <name>', 'its name once more, where nobody can be asked')
    .addHelpText('after', examples('withdraw old-service --dry-run', 'withdraw old-service --confirm old-service'))
    .action(run<Options, [string]>(withdraw))
}

async function withdraw(call: Call<Options>, listener: string): Promise<void> {
  const { dryRun, confirm } = call.options
  const report = await call.withOperator(async (operator) => {
    const first = await call.within('The answer', () =>
      byName(listener, (queue) => operator.withdraw(queue, { by: call.by, dryRun: true })),
    )
    if (dryRun) return first
    const { queue, facts, messages } = first
    const waiting = messages && messages.ready + messages.unsettled
    call.note(
      `${queue}: ${count(facts, 'subscription set')}, ${messages === undefined ? 'no queue' : `${count(waiting ?? 0, 'message')} waiting and ${messages.parked} parked`}`,
    )
    const confirmed = await confirmName(call, queue, confirm, `Withdrawing ${queue}`)
    return call.within('Withdrawing', () => operator.withdraw(queue, { by: call.by, confirm: confirmed }))
  })
  const { queue, withdrawn, facts, messages } = report
  await call.show(report, (page) => {
    page.line(withdrawn ? `${queue} is withdrawn.` : `${queue} would be withdrawn.`)
    page.pairs({
      'subscription sets': facts,
      'messages waiting': messages && messages.ready + messages.unsettled,
      'messages parked': messages?.parked,
    })
  })
}
