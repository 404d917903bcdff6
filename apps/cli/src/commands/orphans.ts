import type { Command } from 'commander'
import type { Call } from '../call/call.js'
import { alarming, moment } from '../print/words.js'
import { examples, type Runner } from './define.js'

export function defineOrphans(program: Command, run: Runner): void {
  program
    .command('orphans')
    .summary('queues without a subscription, subscriptions without a queue')
    .description(
      'Lists what nobody looks after: queues that no subscription leads to, subscriptions whose queue is gone, announcements that cannot be read.',
    )
    .addHelpText('after', examples('orphans', 'orphans --json', 'withdraw old-service --dry-run'))
    .action(run(orphans))
}

async function orphans(call: Call<object>): Promise<void> {
  const found = await call.ask((operator) => operator.orphans())
  await call.show(found, (page) => {
    page.heading('Queues without a subscription')
    if (found.queues === undefined) page.line('This broker cannot list its queues.', 'faint')
    else {
      page.table(
        ['queue', 'ready', 'in flight', 'parked'],
        found.queues.map(({ queue, depth }) => [
          ...[queue, depth?.ready ?? '', depth?.unsettled ?? ''],
          alarming(depth?.parked),
        ]),
        'None.',
      )
    }
    page.heading('Subscriptions without a queue')
    page.table(
      ['listener', 'since', 'alive', 'key'],
      found.facts.map(({ queue, since, alive, key }) => [queue, moment(since), alive ? 'yes' : 'no', key]),
      'None.',
    )
    page.heading('Announcements that cannot be read')
    page.table(
      ['board', 'key', 'code', 'why'],
      found.setAside.map(({ board, key, code, message }) => [board, key, code, message]),
      'None.',
    )
  })
}
