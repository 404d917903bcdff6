import type { Shape } from '@recordcast/operator/shapes'
import type { Page } from './page.js'
import { count } from './words.js'

type Impact = Shape<'impact'>

/** What comes of a change, listener by listener. */
export function drawImpact(page: Page, { record, breaks, changes, listeners, broken }: Impact): void {
  const whole = `${count(listeners, 'listener reads', 'listeners read')} ${record}`
  if (broken.length === 0) page.line(`Nothing breaks: ${whole}.`, 'good')
  else
    page.line(
      `${broken.length} of ${count(listeners, 'listener')} that read ${record} would break: ${broken.join(', ')}.`,
      'bad',
    )
  if (breaks.length > 0) page.heading('Would be refused')
  drawList(page, breaks)
  if (changes.length > 0) page.heading('Would go on, with something else')
  drawList(page, changes)
}

function drawList(page: Page, consequences: Impact['breaks']): void {
  if (consequences.length === 0) return
  page.table(
    ['listener', 'event', 'reads it', 'as', 'how'],
    consequences.map(({ queue, event, as, expression, message, nearest }) => [
      { text: queue, tone: 'strong' },
      ...[event, as, expression],
      nearest === undefined || nearest.length === 0 ? message : `${message}; nearest: ${nearest.join(', ')}`,
    ]),
    'None.',
  )
}
