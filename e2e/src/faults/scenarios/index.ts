import type { Scenario } from '../scenario.js'
import { loseConfirms, openHalf, pauseBroker } from './dead-links.js'
import { killBroker } from './kill-broker.js'
import { killLeader } from './kill-leader.js'
import { freezeListener, killListener } from './kill-listener.js'
import { killSource } from './kill-source.js'
import { listenerOffline } from './offline.js'
import { poisonExit } from './poison-exit.js'
import { pulledAway } from './pulled-away.js'
import { retryStorm } from './retry-storm.js'
import { rollingDeploy } from './rolling-deploy.js'
import { sameInstant } from './same-instant.js'
import { slowHandler } from './slow-handler.js'
import { startBarrier } from './start-barrier.js'
import { terminated } from './terminated.js'

/** All scenarios, in the order of their numbers. */
export const scenarios: readonly Scenario[] = [
  killBroker,
  killLeader,
  retryStorm,
  pauseBroker,
  openHalf,
  loseConfirms,
  killListener,
  freezeListener,
  killSource,
  listenerOffline,
  startBarrier,
  sameInstant,
  rollingDeploy,
  pulledAway,
  slowHandler,
  poisonExit,
  terminated,
]
