import type { Operator } from '@recordcast/operator'
import type { Shape } from '@recordcast/operator/shapes'
import { Argument, type Command } from 'commander'
import type { Call } from '../call/call.js'
import { numberFrom } from '../call/globals.js'
import { readPages } from '../call/read-pages.js'
import type { Page } from '../print/page.js'
import { alarming, count, duration, plain, stateOf } from '../print/words.js'
import { examples, type Runner } from './define.js'

interface Options {
  readonly service?: string
  readonly search?: string
  readonly event?: string
  readonly attribute?: string
  readonly tenant?: string
  readonly limit: number
}

type Filters = Pick<Options, 'service' | 'search' | 'event' | 'attribute' | 'tenant'>

export function defineLs(program: Command, run: Runner): void {
  program
    .command('ls')
    .summary('list sources, listeners and subscriptions')
    .description('Lists who is on the bus: sources and listeners, or what you name.')
    .addArgument(new Argument('[what]', 'one list instead of sources and listeners').choices(lists))
    .option('--service <name>', 'listeners and subscriptions of one service')
    .option('--search <text>', "listeners with this text in the listener's, service's or queue's name")
    .option('--event <type>', 'subscriptions to an event type, or to all of a record type')
    .option('--attribute <path>', 'subscriptions that read an attribute or something beneath it, in payload or filter')
    .option('--tenant <name>', 'subscriptions that may get events of a tenant')
    .option('--limit <n>', 'most rows a list', numberFrom(1, 100_000, true), 500)
    .addHelpText(
      'after',
      examples(
        'ls',
        'ls listeners --search bill',
        'ls subscriptions --event issue.changed --attribute author',
        'ls --json',
      ),
    )
    .action(run<Options, [What?]>(list))
}

const lists = ['sources', 'listeners', 'subscriptions'] as const
type What = (typeof lists)[number]

async function list(call: Call<Options>, what?: What): Promise<void> {
  const { limit, service, search, event, attribute, tenant } = call.options
  const filters: Filters = defined({ service, search, event, attribute, tenant })
  // A filter on what only a subscription has asks for subscriptions.
  const wanted = what ?? ((event ?? attribute ?? tenant) ? 'subscriptions' : undefined)
  const result = await call.ask(async (operator) => {
    if (wanted !== undefined) return { [wanted]: await read[wanted](operator, limit, filters) }
    const [sources, listeners] = await Promise.all([
      read.sources(operator, limit),
      read.listeners(operator, limit, filters),
    ])
    return { sources, listeners }
  })
  const { sources, listeners, subscriptions }: Lists = result
  await call.show(wanted === undefined ? result : result[wanted as keyof typeof result], (page) => {
    if (sources) drawSources(page, sources)
    if (listeners) drawListeners(page, listeners)
    if (subscriptions) drawSubscriptions(page, subscriptions)
  })
  for (const each of [sources, listeners, subscriptions]) {
    if (each?.next !== undefined) call.note(`${each.items.length} of ${each.total}; --limit shows more`)
  }
}

type Lists = { readonly [K in What]?: Shape<K> }

const read = {
  sources: (operator: Operator, limit: number): Promise<Shape<'sources'>> =>
    readPages(limit, (page) => operator.sources(page)),
  listeners: (operator: Operator, limit: number, { service, search }: Filters): Promise<Shape<'listeners'>> =>
    readPages(limit, (page) => operator.listeners({ ...defined({ service, search }), ...page })),
  subscriptions: (operator: Operator, limit: number, filters: Filters): Promise<Shape<'subscriptions'>> =>
    readPages(limit, (page) => operator.subscriptions({ ...filters, ...page })),
}

const defined = (filters: { readonly [K in keyof Filters]: string | undefined }): Filters =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))

function drawSources(page: Page, { items, total }: Shape<'sources'>): void {
  page.heading(count(total, 'source'))
  page.table(
    ['source', 'records', 'up', 'emitted', 'published', 'failed', 'problem'],
    items.map(({ id, records, upMs, emitted, published, failed, problem }) => [
      { text: id, tone: 'strong' },
      records.join(', '),
      upMs === undefined ? '' : duration(upMs),
      emitted ?? '',
      published ?? '',
      alarming(failed),
      problem === undefined ? '' : { text: problem.code, tone: 'bad' },
    ]),
    'No source is announced.',
  )
}

function drawListeners(page: Page, { items, total }: Shape<'listeners'>): void {
  page.heading(count(total, 'listener'))
  page.table(
    ['listener', 'service', 'state', 'ready', 'in flight', 'parked', 'attributes', 'events'],
    items.map((row) => [
      { text: row.queue, tone: 'strong' },
      // One that is called after its service says nothing new.
      row.listener === row.service ? '' : row.service,
      stateOf(row),
      row.depth?.ready ?? '',
      row.depth?.unsettled ?? '',
      alarming(row.depth?.parked),
      row.attributes,
      row.events.join(', '),
    ]),
    'No listener is subscribed.',
  )
}

function drawSubscriptions(page: Page, { items, total }: Shape<'subscriptions'>): void {
  page.heading(count(total, 'subscription'))
  page.table(
    ['listener', 'event', 'attributes', 'filter', 'tenants'],
    items.map(({ queue, event, attributes, filter, when, tenants }) => [
      { text: queue, tone: 'strong' },
      event,
      attributes.join(', '),
      [filter === undefined ? '' : plain(filter), when ?? ''].filter(Boolean).join(' and '),
      tenants === 'all' ? 'all' : tenants.join(', '),
    ]),
    'No subscription fits.',
  )
}
