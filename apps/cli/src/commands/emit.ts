import type { Operator } from '@recordcast/operator'
import type { JsonObject } from '@recordcast/protocol/names'
import type { Command } from 'commander'
import { type Broker, createSource, type EventType } from 'recordcast'
import type { Call } from '../call/call.js'
import { exits, usage } from '../call/exits.js'
import { openEventType } from '../call/open-record.js'
import { jsonObject, readJsonFile } from '../call/read-json.js'
import { readPages } from '../call/read-pages.js'
import { settledWithin } from '../call/settled.js'
import { count } from '../print/words.js'
import { examples, type Runner } from './define.js'

interface Options {
  readonly after?: string
  readonly before?: string
  readonly tenant?: string
  readonly user?: string
  readonly eventId?: string
  readonly as: string
}

export function defineEmit(program: Command, run: Runner): void {
  program
    .command('emit')
    .summary('put an event of your own onto the bus, for trying out')
    .description(
      `Announces itself as a source of its own that owns the record type with an open schema, emits one event to every listener that wants it, waits for the
broker's confirmation, and takes its announcement back. Listeners handle it as any other event; its source is named recordcast-emit.
Nothing is checked against the schema of the real source, and no links are loaded: what listeners want of linked records must stand in
--after, as {"author": {"login": "ann"}}, else they get null. Exit code 1 if a queue was gone.`,
    )
    .argument('<type>', 'an event type, such as issue.changed')
    .argument('<record>', 'the id of the record')
    .option('--after <json>', 'the record as the event leaves it: JSON, @file, or - for stdin')
    .option('--before <json>', 'the record before the change, or the last state of a deleted one')
    .option('--tenant <name>', 'the tenant that the event belongs to')
    .option('--user <id>', 'who caused it')
    .option('--event-id <id>', "the event's own id; default a new one")
    .option('--as <service>', 'the name that the source gets', 'recordcast-emit')
    .addHelpText(
      'after',
      examples(
        `emit issue.changed 7 --before '{"state":"open"}' --after '{"state":"closed","title":"It rains in"}'`,
        `emit issue.deleted 7 --before @issue.json`,
        `emit issue.labelled 7 --after '{"label":"bug"}' --tenant acme --json`,
      ),
    )
    .action(run<Options, [string, string]>(emit))
}

/** How long taking the announcement back may take when the broker is away. */
const graceMs = 5000

async function emit(call: Call<Options>, name: string, record: string): Promise<number> {
  const type = openEventType(name)
  const facts = await factsOf(call, type, record)
  const { tenant, user, eventId: id } = call.options
  const options = {
    ...(tenant !== undefined && { tenant }),
    ...(user !== undefined && { user }),
    ...(id !== undefined && { id }),
  }
  const result = await call.withOperator(async (operator, broker) => {
    const owners = await call.within('The answer', () => ownersOf(operator, type.record.name))
    if (owners.length > 0)
      call.note(`${owners.join(', ')} owns ${type.record.name}; this event comes from ${call.options.as} all the same.`)
    return emitOnce(call, broker, type, (source) => source.emit(type, facts, options))
  })
  await call.show(result, (page) => {
    const { delivered, gone } = result
    page.line(`${name} of ${record}, id ${result.id}`)
    if (delivered.length === 0) page.line('No listener wants it.', 'faint')
    else page.line(`In ${count(delivered.length, 'queue')}: ${delivered.join(', ')}`, 'good')
    if (gone.length > 0) page.line(`${count(gone.length, 'queue')} gone: ${gone.join(', ')}`, 'bad')
  })
  return result.gone.length > 0 ? exits.finding : exits.ok
}

type Source = ReturnType<typeof createSource>

async function emitOnce<T>(
  call: Call<Options>,
  broker: Broker,
  type: EventType,
  act: (source: Source) => Promise<T>,
): Promise<T> {
  const timeoutMs = call.options.timeout * 1000
  const source = createSource({ service: call.options.as, broker, records: [{ type: type.record }], timeoutMs })
  const starting = source.start()
  try {
    await call.within('Announcing the source', () => starting)
    return await act(source)
  } finally {
    await settledWithin(
      graceMs,
      starting.then(() => source.stop()),
    )
  }
}

type Facts = Parameters<Source['emit']>[1]

/** What `emit` of the SDK takes for that kind of event. */
async function factsOf({ options, terminal }: Call<Options>, { kind }: EventType, id: string): Promise<Facts> {
  const read = (text: string, option: string): Promise<JsonObject> | JsonObject => {
    if (text === '-') return readJsonFile(terminal, '-', option)
    return text.startsWith('@') ? readJsonFile(terminal, text.slice(1), option) : jsonObject(text, option)
  }
  if (options.after === '-' && options.before === '-') throw usage('stdin can be read once only', 'one - at most')
  const before = options.before === undefined ? undefined : await read(options.before, '--before')
  const after = options.after === undefined ? undefined : await read(options.after, '--after')
  const [needed, wrong] =
    kind === 'deleted'
      ? (['before', 'after'] as const)
      : (['after', kind === 'changed' ? undefined : 'before'] as const)
  if ((needed === 'after' ? after : before) === undefined)
    throw usage(`A ${kind} event needs --${needed}`, `--${needed} '{…}'`)
  if (wrong !== undefined && options[wrong] !== undefined)
    throw usage(`A ${kind} event takes no --${wrong}`, `--${needed} alone`)
  if (kind === 'created' || kind === 'changed' || kind === 'deleted')
    return { id, ...(before && { before }), ...(after && { after }) }
  return { ...after, id }
}

async function ownersOf(operator: Operator, record: string): Promise<readonly string[]> {
  const { items } = await readPages(1000, (page) => operator.sources(page))
  return [...new Set(items.filter(({ records }) => records.includes(record)).map(({ service }) => service))]
}
