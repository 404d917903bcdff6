import type { Shape } from '@recordcast/operator/shapes'
import type { Command } from 'commander'
import type { Call } from '../../call/call.js'
import { numberFrom } from '../../call/globals.js'
import { byName } from '../../call/listener-names.js'
import { readPages } from '../../call/read-pages.js'
import type { Page } from '../../print/page.js'
import { alarming, count, moment, stateOf } from '../../print/words.js'
import { examples, type Runner } from '../define.js'

interface Options {
  readonly code?: string
  readonly limit: number
}

export function defineParkedLs(parked: Command, run: Runner): void {
  parked
    .command('ls')
    .summary('parked messages of a listener, grouped by why; or which listeners have any')
    .description(
      'Lists the parked messages of a listener, oldest first, and their groups by error code. Without a listener: who has parked messages.',
    )
    .argument('[listener]', 'as ls shows it')
    .option('--code <code>', 'only messages that were parked for this reason')
    .option('--limit <n>', 'most rows', numberFrom(1, 100_000, true), 200)
    .addHelpText(
      'after',
      examples('parked ls', 'parked ls notifier', 'parked ls notifier --code handler-failed --json'),
    )
    .action(
      run<Options, [string?]>((call, listener) => (listener === undefined ? overview(call) : list(call, listener))),
    )
}

async function overview(call: Call<Options>): Promise<void> {
  const all = await call.ask((operator) =>
    readPages<Shape<'listenerRow'>, Shape<'listeners'>>(Number.MAX_SAFE_INTEGER, (page) => operator.listeners(page)),
  )
  const items = all.items.filter(({ depth }) => depth !== undefined && depth.parked > 0)
  const result = { items: items.slice(0, call.options.limit), total: items.length }
  await call.show(result, (page) => {
    page.heading(count(items.length, 'listener with parked messages', 'listeners with parked messages'))
    page.table(
      ['listener', 'parked', 'ready', 'state'],
      result.items.map((row) => [row.queue, alarming(row.depth?.parked), row.depth?.ready ?? '', stateOf(row)]),
      'Nothing is parked.',
    )
  })
}

async function list(call: Call<Options>, listener: string): Promise<void> {
  const { code, limit } = call.options
  const result = await call.ask((operator) =>
    byName(listener, (queue) =>
      readPages<Shape<'parkedRow'>, Shape<'parked'>>(limit, (page) =>
        operator.parked(queue, { ...(code !== undefined && { code }), ...page }),
      ),
    ),
  )
  await call.show(result, (page) => draw(page, result))
  if (result.next !== undefined) call.note(`${result.items.length} of ${result.total}; --limit shows more`)
}

function draw(page: Page, { queue, total, looked, groups, items }: Shape<'parked'>): void {
  const among = looked < total ? `, of which the ${looked} oldest were looked at` : ''
  page.heading(`${queue}: ${count(total, 'parked message')}${among}`)
  page.table(
    ['why', 'messages', 'oldest', 'newest', 'events'],
    groups.map((group) => [
      { text: group.code, tone: 'strong' },
      group.count,
      moment(group.oldest),
      moment(group.newest),
      group.types.join(', '),
    ]),
    'Nothing is parked.',
  )
  if (items.length === 0) return
  page.heading('Oldest first')
  page.table(
    ['message', 'event', 'record', 'tenant', 'parked', 'attempts', 'why'],
    items.map(({ id, event, parkedAt, attempts, code, message }) => [
      { text: id, tone: 'strong' },
      event?.type ?? 'cannot be read',
      event?.subject ?? '',
      event?.tenant ?? '',
      moment(parkedAt),
      attempts,
      `${code}: ${message}`,
    ]),
    'None.',
  )
}
