import type { Shape } from '@recordcast/operator/shapes'
import type { Command } from 'commander'
import type { Call } from '../call/call.js'
import { exits, usage } from '../call/exits.js'
import { several } from '../call/globals.js'
import { readJsonFile } from '../call/read-json.js'
import { drawImpact } from '../print/impact.js'
import { examples, type Runner } from './define.js'

interface Options {
  readonly remove?: readonly string[]
  readonly schema?: string
}

export function defineImpact(program: Command, run: Runner): void {
  program
    .command('impact')
    .summary('which listeners a change of a record type would break, and how')
    .description(
      'Tells which listeners would be refused if attributes went or the record type had another JSON Schema, and which would go on with something else. Exit code 1 if any would break.',
    )
    .argument('<record>', 'a record type, such as issue')
    .option('--remove <path>', 'an attribute that goes; may be given several times', several)
    .option('--schema <file>', 'the new JSON Schema of the record type; - for stdin')
    .addHelpText(
      'after',
      examples(
        'impact issue --remove author.login',
        'impact issue --remove state --remove body',
        'impact issue --schema new.json',
      ),
    )
    .action(run<Options, [string]>(impact))
}

async function impact(call: Call<Options>, record: string): Promise<number> {
  const change = await changeOf(call)
  const report = await call.ask((operator) => operator.impact(record, change))
  await call.show(report, (page) => drawImpact(page, report))
  return report.broken.length > 0 ? exits.finding : exits.ok
}

async function changeOf({ options: { remove, schema }, terminal }: Call<Options>) {
  if ((remove === undefined) === (schema === undefined)) {
    throw usage(
      remove === undefined ? 'Nothing is said to change' : 'Both --remove and --schema are given',
      'either --remove <path> or --schema <file>',
    )
  }
  if (remove !== undefined) return { remove: [...remove] }
  return { schema: await readJsonFile(terminal, schema ?? '-', 'the schema') } satisfies {
    schema: Shape<'impactInput'> | object
  }
}
