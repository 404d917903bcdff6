import { createBilling } from './billing.js'
import { createChangeLog } from './change-log.js'
import { createEdgeCache } from './edge-cache.js'
import { createLabelStatistics } from './label-statistics.js'
import { createLeaderboard } from './leaderboard.js'
import type { Member, Stage } from './member.js'
import { createNotifier } from './notifier.js'
import { createOctoMirror } from './octo-mirror.js'
import { createSearchIndex } from './search-index.js'
import { createSecurityWatch } from './security-watch.js'

/** A listener that is still to be made, as many instances of it as are to run. */
export interface Part {
  readonly service: string
  readonly instances: number
  readonly create: (stage: Stage) => Member
}

const part = (service: string, create: Part['create'], instances = 1): Part => ({ service, instances, create })

/** All listeners, by when they start. */
export const cast = {
  beforeSource: [
    part('notifier', createNotifier),
    part('search-index', createSearchIndex),
    part('change-log', createChangeLog),
  ],
  afterSource: [
    part('billing', createBilling),
    part('label-statistics', createLabelStatistics),
    part('security-watch', createSecurityWatch),
    part('edge-cache', createEdgeCache, 2),
    part('leaderboard', createLeaderboard),
  ],
  midway: [part('octo-mirror', createOctoMirror)],
}

/** @throws TypeError when nobody is called that */
export function partNamed(service: string): Part {
  const found = Object.values(cast)
    .flat()
    .find((each) => each.service === service)
  if (found === undefined) throw new TypeError(`nobody in the demo is called "${service}"`)
  return found
}
