// @ts-check
import { at, call } from '../api/call.js'
import { h } from '../dom/element.js'
import { heading, section } from '../parts/heading.js'
import { jsonBlock } from '../parts/json-block.js'
import { moment } from '../parts/moment.js'
import { bytesText, countText } from '../parts/numbers.js'
import { problemBox, problemLine } from '../parts/problem-box.js'
import { table } from '../parts/table.js'
import { facts } from '../parts/tiles.js'
import { linkTo } from '../route.js'
import { actOnParked } from './parked/act.js'

/** @typedef {import('../main.js').Visit} Visit */
/** @typedef {import('@recordcast/operator/shapes').Shape<'parkedMessage'>} Message */

/**
 * One parked message whole, as operators may see it.
 *
 * @param {Visit} visit
 */
export async function showMessage({ path: [queue = '', , id = ''], signal }) {
  /** @type {Message} */
  const message = await call(at`/api/listeners/${queue}/parked/${id}`, { signal })
  const { event, undecodable, missing = [], headers } = message
  const back = { href: linkTo(['listeners', queue]), text: queue }
  return [
    heading(event === undefined ? 'A parked message' : `${event.type} ${event.subject}`, {
      lead: h('code', {}, id),
      back,
    }),
    h('div', { class: 'actions' }, actions(message)),
    section('Why it is parked', whyPart(message)),
    ...(undecodable ? [problemBox(undecodable, { title: 'Its body cannot be read' })] : []),
    ...(event ? [section('The event', eventPart(event))] : []),
    section('What it carries', carriedPart(message)),
    ...(missing.length > 0
      ? [
          section(
            'What it lacks',
            h(
              'ul',
              { class: 'lines' },
              missing.map((each) => h('li', {}, h('code', { class: 'chip' }, each.path), ' ', problemLine(each))),
            ),
          ),
        ]
      : []),
    section(
      'Headers',
      table(
        'Headers',
        headerColumns,
        Object.entries(headers).filter(([name]) => name !== 'error-stack'),
        ([name]) => name,
      ),
    ),
  ]
}

/** @param {Message} message */
function actions({ queue, id, event }) {
  const done = async () => {
    location.hash = linkTo(['listeners', queue])
  }
  const one = { queue, which: { ids: [id] }, what: 'this message', done }
  return [
    h('button', { type: 'button', onclick: () => actOnParked({ ...one, action: 'replay' }) }, 'Replay …'),
    h('button', { type: 'button', onclick: () => actOnParked({ ...one, action: 'drop' }) }, 'Drop …'),
    event && h('a', { class: 'button', href: linkTo(['explain'], { listener: queue, event: event.id }) }, 'Explain'),
  ]
}

/** @param {Message} message */
function whyPart({ code, message, attempts, parkedAt, firstFailedAt, firstError, stack, bytes }) {
  return [
    h('p', {}, problemLine({ code, message })),
    facts([
      ['Attempts', countText(attempts)],
      ['Parked', moment(parkedAt)],
      ['Failed first', firstFailedAt && moment(firstFailedAt)],
      ['First error', firstError],
      ['Size', bytesText(bytes)],
    ]),
    stack !== undefined &&
      h(
        'details',
        { class: 'fold' },
        h('summary', {}, 'Stack'),
        h('pre', { class: 'json', tabindex: 0, role: 'region', 'aria-label': 'Stack' }, stack),
      ),
  ]
}

/** @param {NonNullable<Message['event']>} event */
function eventPart({ id, type, subject, time, source, tenant }) {
  return facts([
    ['Event', h('code', {}, id)],
    ['Type', type],
    ['Record', subject],
    ['Time', moment(time)],
    ['Source', source],
    ['Tenant', tenant ?? 'none'],
  ])
}

/** @param {Message} message */
function carriedPart({ data, masked }) {
  const note = {
    no: undefined,
    some: 'What its record type calls sensitive is masked.',
    all: 'All values are masked: no source on the board knows this record type, so nobody can say what is sensitive.',
  }[masked]
  return [
    note !== undefined && h('p', { class: 'hint' }, note),
    data === undefined ? h('p', {}, 'Nothing that could be read.') : jsonBlock(data, 'Attributes'),
  ]
}

/** @type {import('../parts/table.js').Column<[string, string]>[]} */
const headerColumns = [
  { head: 'Header', cell: ([name]) => h('code', {}, name) },
  { head: 'Value', cell: ([, value]) => h('span', { class: 'clip' }, value) },
]
