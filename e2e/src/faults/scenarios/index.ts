import type { Scenario } from '../scenario.js'
import { killBroker } from './kill-broker.js'

/** All scenarios, in the order of their numbers. */
export const scenarios: readonly Scenario[] = [killBroker]
