import type { Scenario } from '../scenario.js'
import { badNeighbour } from './bad-neighbour.js'
import { crowdedBoard } from './crowded-board.js'
import { loseConfirms, openHalf, pauseBroker } from './dead-links.js'
import { freezeListener } from './freeze-listener.js'
import { killBroker } from './kill-broker.js'
import { killLeader } from './kill-leader.js'
import { killListener } from './kill-listener.js'
import { killSource } from './kill-source.js'
import { listenerOffline } from './offline.js'
import { poisonExit } from './poison-exit.js'
import { pulledAway } from './pulled-away.js'
import { raiseAlarm } from './raise-alarm.js'
import { resetSetUp } from './reset-set-up.js'
import { retryStorm } from './retry-storm.js'
import { rollingDeploy } from './rolling-deploy.js'
import { sameInstant } from './same-instant.js'
import { saturatedAdmin } from './saturated-admin.js'
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
  raiseAlarm,
  resetSetUp,
  killListener,
  freezeListener,
  killSource,
  listenerOffline,
  startBarrier,
  sameInstant,
  rollingDeploy,
  pulledAway,
  crowdedBoard,
  badNeighbour,
  slowHandler,
  poisonExit,
  terminated,
  saturatedAdmin,
]
