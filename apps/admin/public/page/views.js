// @ts-check
import { showAttributes } from './views/attributes.js'
import { showAudit } from './views/audit.js'
import { showBus } from './views/bus.js'
import { showCatalogue } from './views/catalogue.js'
import { showExplain } from './views/explain.js'
import { showImpact } from './views/impact.js'
import { showListener } from './views/listener.js'
import { showListeners } from './views/listeners.js'
import { showLive } from './views/live.js'
import { showMessage } from './views/message.js'
import { showOrphans } from './views/orphans.js'
import { showSource } from './views/source.js'
import { showSources } from './views/sources.js'
import { showSubscriptions } from './views/subscriptions.js'

/** @typedef {import('./main.js').Visit} Visit */
/** @typedef {(visit: Visit) => Promise<Node[]>} View */

/** What stands in the navigation, in order: the first part of the route and its name. */
export const places = /** @type {const} */ ([
  ['bus', 'Bus'],
  ['listeners', 'Listeners'],
  ['sources', 'Sources'],
  ['subscriptions', 'Subscriptions'],
  ['attributes', 'Attributes'],
  ['explain', 'Explain'],
  ['live', 'Live'],
  ['catalogue', 'Catalogue'],
  ['orphans', 'Orphans'],
  ['audit', 'Audit'],
])

/** @type {Record<string, View>} */
const simple = {
  bus: showBus,
  subscriptions: showSubscriptions,
  attributes: showAttributes,
  impact: showImpact,
  explain: showExplain,
  live: showLive,
  catalogue: showCatalogue,
  orphans: showOrphans,
  audit: showAudit,
}

/**
 * @param {readonly string[]} path
 * @returns {{ place: string, view: View, path: string[] } | undefined} `path`: what the view is told
 */
export function findView([place = 'bus', ...path]) {
  if (place === 'listeners') {
    const view =
      path.length === 0 ? showListeners : path[1] === 'parked' && path.length > 2 ? showMessage : showListener
    return { place, view, path }
  }
  if (place === 'sources') return { place, view: path.length === 0 ? showSources : showSource, path }
  const view = Object.hasOwn(simple, place) ? simple[place] : undefined
  return view && { place: place === 'impact' ? 'attributes' : place, view, path }
}
