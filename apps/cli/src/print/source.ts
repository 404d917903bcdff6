import type { Shape } from '@recordcast/operator/shapes'
import type { Page } from './page.js'
import { alarming, duration, moment } from './words.js'

/** One instance of a source for people. */
export function drawSource(page: Page, source: Shape<'source'>): void {
  const { id, since, upMs, problem, records, projections, stats } = source
  page.heading(`source ${id}`)
  page.pairs({
    since: moment(since),
    up: upMs === undefined ? undefined : duration(upMs),
    problem: problem && `${problem.message} (${problem.code})`,
    ...(stats && {
      emitted: stats.emitted,
      'nobody wanted': stats.unwanted,
      published: stats.published,
      failed: stats.failed,
      'in flight': stats.inFlight,
      'bytes published': stats.projectionBytes,
    }),
  })
  page.heading('Record types')
  page.table(
    ['record', 'events', 'links', 'sensitive'],
    records.map(({ name, events, open, links, sensitive }) => [
      { text: name, tone: 'strong' },
      [...events.map((event) => event.slice(name.length + 1)), ...(open ? ['any other'] : [])].join(', '),
      links.map((link) => (link.target === undefined ? link.name : `${link.name} → ${link.target}`)).join(', '),
      sensitive.join(', '),
    ]),
    'None.',
  )
  page.heading('Bodies that it makes, by how many listeners share them')
  page.table(
    ['event', 'listeners', 'attributes', 'who'],
    projections
      .toSorted((a, b) => b.queues.length - a.queues.length)
      .map(({ event, attributes, queues }) => [event, queues.length, attributes.join(', '), queues.join(', ')]),
    'Nobody listens.',
  )
  if (stats === undefined) return
  page.heading('Loaders')
  page.table(
    ['loader', 'calls', 'keys', 'from cache', 'failures', 'ms a call'],
    stats.loaders.map(({ name, calls, keys, cacheHits, failures, busyMs }) => [
      ...[name, calls, keys, cacheHits, alarming(failures)],
      calls === 0 ? '' : { text: (busyMs / calls).toFixed(1), tone: 'faint' as const },
    ]),
    'None.',
  )
}
