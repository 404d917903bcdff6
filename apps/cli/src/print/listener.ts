import type { Shape } from '@recordcast/operator/shapes'
import type { Page } from './page.js'
import type { Cell } from './table.js'
import { count, duration, moment, plain, stateOf } from './words.js'

type Listener = Shape<'listener'>
type Set = Listener['sets'][number]

/** One listener for people. */
export function drawListener(page: Page, listener: Listener): void {
  const { queue, service, delivery, since, depth, paused, problem, sets, counts } = listener
  const state = stateOf(listener)
  page.heading(`listener ${listener.listener}`)
  page.pairs({
    queue,
    service,
    delivery: delivery === 'each' ? 'each: every instance gets every event' : 'shared: one instance gets each event',
    since: moment(since),
    state: typeof state === 'object' ? state.text : state,
    paused: paused && `since ${moment(paused.since)}${paused.by === undefined ? '' : ` by ${paused.by}`}`,
    'in queue': depth && `${depth.ready} ready, ${depth.unsettled} in flight, ${depth.parked} parked`,
    problem: problem && `${problem.message} (${problem.code})`,
  })
  for (const set of sets) drawSet(page, set, sets.length > 1)
  page.heading('Counted by the sources, since each was started')
  page.table(
    ['event', 'seen', 'delivered', 'held back: filter', 'tenant', 'unchanged'],
    counts.events.map(({ event, seen, delivered, suppressed: { filter, tenant, unchanged } }) => [
      ...[event, seen, delivered, filter, tenant, unchanged],
    ]),
    'Nothing yet.',
  )
  for (const { service: source, instance, problem: why } of counts.unknown) {
    page.line(`Without ${source}/${instance}: ${why.message} (${why.code})`, 'bad')
  }
}

function drawSet(
  page: Page,
  { set, generation, since, subscriptions, instance, problem, verdicts }: Set,
  several: boolean,
): void {
  page.heading(several ? `Subscriptions, generation ${generation} (${set}), since ${moment(since)}` : 'Subscriptions')
  page.table(
    ['event', 'attributes', 'filter', 'tenants'],
    subscriptions.map(({ event, attributes, filter, when, tenants }) => [
      { text: event, tone: 'strong' },
      attributes.join(', '),
      [filter === undefined ? '' : plain(filter), when ?? ''].filter(Boolean).join(' and '),
      tenants === 'all' ? 'all' : tenants.join(', '),
    ]),
    'None.',
  )
  page.heading('What the sources say')
  page.table(['source', 'event', 'verdict', 'why'], verdicts.flatMap(verdictRows), 'No source is announced.')
  const { stats } = instance ?? {}
  if (instance === undefined || stats === undefined) {
    page.line(
      problem === undefined ? 'No instance was asked.' : `No instance answers: ${problem.message} (${problem.code})`,
      'faint',
    )
    return
  }
  page.heading(`Instance ${instance.instance}, up ${duration(instance.upMs)}`)
  const { handled, failed, retried, parked, duplicates, running, waiting, handlerMs } = stats
  page.pairs({
    ...{ handled, failed, retried, parked, duplicates, running, waiting },
    'a handler takes': handled + failed === 0 ? undefined : `${(handlerMs / (handled + failed)).toFixed(1)} ms`,
    paused: stats.paused ? 'yes' : undefined,
  })
  for (const { service, reasons } of stats.refusals) {
    page.line(`${service} refuses: ${count(reasons.length, 'reason')}`, 'bad')
    for (const { message, code } of reasons) page.line(`  ${message} (${code})`)
  }
}

function verdictRows({ service, instance, problem, verdicts }: Set['verdicts'][number]): readonly (readonly Cell[])[] {
  const source = `${service}/${instance}`
  if (problem !== undefined) return [[source, '', { text: problem.code, tone: 'bad' }, problem.message]]
  return (verdicts ?? []).map(({ event, verdict, reasons }) => [
    ...[source, event],
    { text: verdict, tone: verdict === 'accepted' ? 'good' : verdict === 'refused' ? 'bad' : 'faint' },
    reasons.map(({ message }) => message).join('; '),
  ])
}
