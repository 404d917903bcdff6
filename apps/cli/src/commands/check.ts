import { basename } from 'node:path'
import type { Operator } from '@recordcast/operator'
import type { Shape } from '@recordcast/operator/shapes'
import type { JsonObject } from '@recordcast/protocol/names'
import type { Command } from 'commander'
import { RecordcastError } from 'recordcast'
import type { Call } from '../call/call.js'
import { exits, usage } from '../call/exits.js'
import { several } from '../call/globals.js'
import { readJsonFile } from '../call/read-json.js'
import { drawImpact } from '../print/impact.js'
import { examples, type Runner } from './define.js'

interface Options {
  readonly schema: readonly string[]
  readonly allowNew?: boolean
  readonly strict?: boolean
}

interface Proposal {
  readonly record: string
  readonly schema: JsonObject
}

export function defineCheck(program: Command, run: Runner): void {
  program
    .command('check')
    .summary('in a pipeline: do new schemas break a listener?')
    .description(
      `Holds new JSON Schemas against everybody who listens now, as impact does, and ends with exit code 1 if any listener would break.
A schema's record type is what stands before "=", else its "title", else the beginning of the file's name.`,
    )
    .requiredOption('--schema <[record=]file>', 'a JSON Schema, - for stdin; may be given several times', several)
    .option('--allow-new', 'a record type that no source has announced yet is no error')
    .option('--strict', 'a listener that would go on with something else is a finding too')
    .addHelpText(
      'after',
      examples(
        'check --schema issue.json',
        'check --schema issue=build/new.json --strict',
        'check --schema a.json --schema b.json --json',
      ),
    )
    .action(run<Options>(check))
}

async function check(call: Call<Options>): Promise<number> {
  const { schema: given, strict, allowNew } = call.options
  if (given.filter((each) => each === '-' || each.endsWith('=-')).length > 1) {
    throw usage('stdin can be read once only', 'one --schema - at most')
  }
  const proposals: Proposal[] = []
  for (const each of given) proposals.push(await readProposal(call, each))
  const { checks, added } = await call.ask((operator) => judge(operator, proposals, allowNew === true))
  const isBad = ({ broken, changes }: Shape<'impact'>): boolean =>
    broken.length > 0 || (strict === true && changes.length > 0)
  const ok = !checks.some(isBad)
  await call.show({ ok, checks, new: added }, (page) => {
    for (const report of checks) {
      page.heading(report.record)
      drawImpact(page, report)
    }
    for (const record of added) page.line(`${record} is new: nobody reads it yet.`, 'faint')
  })
  return ok ? exits.ok : exits.finding
}

async function readProposal({ terminal }: Call<Options>, given: string): Promise<Proposal> {
  const [, before, file = ''] = /^(?:([^=/\\]+)=)?(.+)$/s.exec(given) ?? []
  const schema = await readJsonFile(terminal, file, 'the schema')
  const fromFile = file === '-' ? undefined : basename(file).split('.')[0]
  const record = before ?? (typeof schema.title === 'string' ? schema.title : fromFile)
  if (record) return { record, schema }
  throw usage(`It is not said which record type "${given}" is of`, '--schema record=file, or a "title" in the schema')
}

async function judge(operator: Operator, proposals: readonly Proposal[], allowNew: boolean) {
  const checks: Shape<'impact'>[] = []
  const added: string[] = []
  for (const { record, schema } of proposals) {
    try {
      checks.push(await operator.impact(record, { schema }))
    } catch (error) {
      const isNew = error instanceof RecordcastError && error.code === 'unknown-record-type'
      if (!isNew || !allowNew) throw error
      added.push(record)
    }
  }
  return { checks, added }
}
