import { connect, createSource } from 'recordcast'
import type { Measure, Part, PartOptions } from '../measure.js'
import { median } from '../take.js'
import { issue, someIssue } from '../workload/issues.js'
import { cpuTimeUntil } from './cpu.js'

/** What an emit costs that nobody wants: its form and facts are checked against the schema, its type is looked up, it gets its id. */
export const emit: Part = {
  name: 'emit',
  what: 'an emit that nobody wants, beside an empty async function',
  async *measures(options) {
    yield await unwanted(options)
  },
}

async function unwanted({ quick }: PartOptions): Promise<Measure> {
  const broker = await connect('memory:')
  const source = createSource({ service: 'forge', broker, records: [{ type: issue }] })
  await source.start()
  const emits = quick ? 20_000 : 500_000
  const facts = { id: 'issue-1', after: someIssue(1, 400) }
  const validate = issue.schema['~standard'].validate
  const empty = async (_type: unknown, _facts: unknown): Promise<void> => undefined
  const schema: number[] = []
  return {
    name: 'emit that nobody wants',
    against: 'an empty async function',
    unit: 'ns of CPU',
    better: 'lower',
    bars: [{ of: 'ratio', atLeast: 1 / 3 }],
    ours: async () => {
      const nanos = await each(emits, () => source.emit(issue.changed, facts))
      schema.push(await each(emits, () => void validate(facts.after)))
      return nanos
    },
    theirs: () => each(emits, () => empty(issue.changed, facts)),
    end: async () => {
      await source.stop()
      await broker.close()
    },
    also: () => ({ 'ns of the schema alone, with an await': median(schema) }),
  }
}

/** Nanoseconds of CPU a call, one after the other. */
async function each(calls: number, call: () => unknown): Promise<number> {
  const micros = await cpuTimeUntil(async () => {
    for (let index = 0; index < calls; index++) await call()
  })
  return (micros * 1000) / calls
}
