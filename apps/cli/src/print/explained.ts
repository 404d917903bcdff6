import type { Shape } from '@recordcast/operator/shapes'
import type { Page } from './page.js'
import type { Cell } from './table.js'
import { moment, plain } from './words.js'

type Explained = Shape<'explain'>
type Answer = NonNullable<Explained['answers'][number]['answer']>

const fates: Readonly<Record<Explained['fate'], string>> = {
  parked: 'It is parked',
  delivered: 'It was put into the queue',
  pending: 'It is on its way to the queue',
  failed: 'The broker did not take it',
  gone: 'The queue was not there',
  'held-back': 'It was held back',
  'not-subscribed': 'The listener does not get events of this type',
  'would-go': 'It would go into the queue',
  unknown: 'Nobody could tell',
}
const good = new Set<Explained['fate']>(['delivered', 'pending', 'would-go'])

/** What became of an event on its way to a listener. */
export function drawExplained(page: Page, explained: Explained): void {
  const { listener, fate, because, answers, queue, parked, unknown } = explained
  page.heading(`${listener}: ${fates[fate]}`)
  // The heading may say as much already.
  for (const sentence of because.filter((each) => each !== fates[fate]))
    page.line(sentence, good.has(fate) ? undefined : 'bad')
  for (const { service, instance, set, answer, problem } of answers) {
    page.heading(`${service}/${instance}, subscriptions ${set}`)
    if (answer !== undefined) drawAnswer(page, answer)
    if (problem !== undefined) page.line(`${problem.message} (${problem.code})`, 'bad')
  }
  page.heading('Queue')
  const { depth } = queue
  page.pairs({
    now:
      depth &&
      `${depth.ready} ready, ${depth.unsettled} in flight, ${depth.parked} parked, ${depth.attended ? 'attended' : 'nobody there'}`,
    paused: queue.paused ? 'yes' : undefined,
    problem: queue.problem && `${queue.problem.message} (${queue.problem.code})`,
    parked:
      parked && `${parked.code} after ${parked.attempts} attempts, at ${moment(parked.parkedAt)}: ${parked.message}`,
  })
  for (const { what, why } of unknown) page.line(`Not known: ${what}: ${why}`, 'faint')
}

function drawAnswer(page: Page, answer: Answer): void {
  const { event, verdict, reasons, tenant, filter, changed, attributes, outcome } = answer
  page.pairs({
    event: event && `${event.id}  ${event.type} of ${event.subject}, ${moment(event.time)}`,
    subscription: [verdict, ...reasons.map(({ message }) => message)].join('; '),
    tenant: tenant && `${yes(tenant.held)}  wanted ${plain(tenant.wanted)}, found ${tenant.found ?? 'none'}`,
    changed:
      changed &&
      `${yes(changed.held)}  compared ${changed.compared.join(', ')}; differing: ${changed.differing.join(', ') || 'none'}`,
    outcome:
      outcome &&
      [
        outcome.outcome,
        outcome.ms === undefined ? '' : `after ${outcome.ms.toFixed(1)} ms`,
        outcome.problem?.message ?? '',
      ]
        .filter(Boolean)
        .join(', '),
  })
  if (filter !== undefined) {
    page.table(
      ['filter', 'wanted', 'found', 'held'],
      filter.leaves.map(({ path, wanted, found, held, unknown, branch }) => [
        path.join('.') + (branch === undefined ? '' : ` (${branch})`),
        wanted.map(plain).join(' or '),
        unknown ? 'not known' : found.map(plain).join(', ') || 'nothing',
        heldCell(held, unknown),
      ]),
      'No filter.',
    )
    if (filter.onlyInDifferentElements) page.line('Every leaf holds, but in different elements of a list.', 'bad')
  }
  if (attributes !== undefined && attributes.length > 0) {
    page.table(
      ['attribute', 'from', 'problem'],
      attributes.map(({ path, from, problem }) => [
        path,
        { text: from, tone: from === 'failed' ? 'bad' : 'good' },
        problem === undefined ? '' : `${problem.message} (${problem.code})`,
      ]),
      'None.',
    )
  }
}

const yes = (held: boolean): string => (held ? 'yes' : 'NO')

function heldCell(held: boolean, unknown: true | undefined): Cell {
  if (unknown) return { text: 'perhaps', tone: 'faint' }
  return { text: yes(held), tone: held ? 'good' : 'bad' }
}
