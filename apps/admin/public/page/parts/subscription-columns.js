// @ts-check
import { h } from '../dom/element.js'
import { jsonText } from './json-block.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'listener'>['sets'][number]['subscriptions'][number]} Subscription */
/** @typedef {Pick<Subscription, 'event' | 'attributes' | 'filter' | 'when' | 'tenants'>} Asked */

/**
 * What a subscription asks for, wherever one is listed.
 *
 * @type {import('./table.js').Column<Asked>[]}
 */
export const subscriptionColumns = [
  { head: 'Event', cell: ({ event }) => event, sort: ({ event }) => event },
  { head: 'Attributes', cell: ({ attributes }) => attributes.map((each) => h('code', { class: 'chip' }, each)) },
  {
    head: 'Filter',
    cell: ({ filter, when }) => [
      filter === undefined ? 'none' : jsonText(filter),
      when && h('span', { class: 'beside' }, ' only if a selected attribute changed'),
    ],
  },
  { head: 'Tenants', cell: ({ tenants }) => (tenants === 'all' ? 'all' : tenants.join(', ') || 'none') },
]
