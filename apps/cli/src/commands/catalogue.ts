import type { Command } from 'commander'
import type { Call } from '../call/call.js'
import { exits } from '../call/exits.js'
import { jsonText } from '../print/json.js'
import { count } from '../print/words.js'
import { examples, type Runner } from './define.js'

interface Options {
  readonly lint?: boolean
}

export function defineCatalogue(program: Command, run: Runner): void {
  program
    .command('catalogue')
    .summary('everything on the bus as an AsyncAPI 3.0 document, or what is odd about it')
    .description(
      `Prints an AsyncAPI 3.0 document of all sources and listeners as they announced themselves. With --lint what is odd about it instead: attributes that
nobody reads, record types that nobody listens to, listeners whose source is gone, instances of a source that differ; exit code 1 if there is any.
With --json and --lint: {"document", "lint"}.`,
    )
    .option('--lint', 'what is odd, instead of the document')
    .addHelpText('after', examples('catalogue > asyncapi.json', 'catalogue --lint'))
    .action(run<Options>(catalogue))
}

async function catalogue(call: Call<Options>): Promise<number> {
  const all = await call.ask((operator) => operator.catalogue())
  if (!call.options.lint) {
    await call.terminal.print(jsonText(all.document))
    return exits.ok
  }
  await call.show(all, (page) => {
    page.heading(count(all.lint.length, 'finding'))
    page.table(
      ['rule', 'about', 'what'],
      all.lint.map(({ rule, subject, message }) => [rule, { text: subject, tone: 'strong' }, message]),
      'Nothing is odd.',
    )
  })
  return all.lint.length > 0 ? exits.finding : exits.ok
}
