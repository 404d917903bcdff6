import type { Shape } from '@recordcast/operator/shapes'
import type { Command } from 'commander'
import type { Call } from '../call/call.js'
import type { Page } from '../print/page.js'
import type { Cell } from '../print/table.js'
import { count } from '../print/words.js'
import { examples, type Runner } from './define.js'

interface Options {
  readonly unread?: boolean
}

type Attribute = Shape<'attributes'>['attributes'][number]

export function defineAttributes(program: Command, run: Runner): void {
  program
    .command('attributes')
    .summary('who reads which attribute of a record type')
    .description(
      'Lists every attribute of a record type with the listeners that read it: in the payload, in a filter, or to compare it.',
    )
    .argument('<record>', 'a record type, such as issue')
    .option('--unread', 'only attributes that nobody reads')
    .addHelpText('after', examples('attributes issue', 'attributes issue --unread', 'attributes issue --json'))
    .action(run<Options, [string]>(tell))
}

async function tell(call: Call<Options>, record: string): Promise<void> {
  const all = await call.ask((operator) => operator.attributes(record))
  const report = call.options.unread
    ? { ...all, attributes: all.attributes.filter(({ readers }) => readers.length === 0) }
    : all
  await call.show(report, (page) => draw(page, report))
}

function draw(page: Page, { record, owners, attributes, unknown }: Shape<'attributes'>): void {
  page.heading(
    `${record}, of ${owners.join(', ') || 'nobody who is announced'}: ${count(attributes.length, 'attribute')}`,
  )
  page.table(
    ['attribute', 'type', 'is', 'listener', 'event', 'as', 'expression', 'times'],
    attributes.flatMap(rows),
    'None.',
  )
  for (const { service, instance, problem } of unknown) {
    page.line(`Without the counts of ${service}/${instance}: ${problem.message} (${problem.code})`, 'bad')
  }
}

/** A row a reader; the attribute itself is told once. */
function rows({ path, types, of, link, sensitive, undeclared, readers }: Attribute): readonly (readonly Cell[])[] {
  const is = [
    link && `link${of === undefined ? '' : ` to ${of}`}`,
    !link && of !== undefined && `of ${of}`,
    sensitive && 'sensitive',
    undeclared && 'undeclared',
  ]
  const own: readonly Cell[] = [{ text: path, tone: 'strong' }, types.join('|'), is.filter(Boolean).join(', ')]
  if (readers.length === 0) return [[...own, { text: 'nobody', tone: 'faint' }]]
  return readers.map(({ queue, event, as, expression, times }, index) => [
    ...(index === 0 ? own : ['', '', '']),
    ...[queue, event, as, expression, times ?? ''],
  ])
}
