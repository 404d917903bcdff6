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

/** All listeners, by when they start. */
export interface Cast {
  readonly beforeSource: readonly Member[]
  readonly afterSource: readonly Member[]
  readonly midway: readonly Member[]
}

export function createCast(stage: Stage): Cast {
  return {
    beforeSource: [createNotifier(stage), createSearchIndex(stage), createChangeLog(stage)],
    afterSource: [
      createBilling(stage),
      createLabelStatistics(stage),
      createSecurityWatch(stage),
      createEdgeCache(stage),
      createLeaderboard(stage),
    ],
    midway: [createOctoMirror(stage)],
  }
}
