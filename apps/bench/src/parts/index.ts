import type { Part } from '../measure.js'
import { amqp } from './amqp.js'
import { latency } from './latency.js'
import { match } from './match.js'
import { nats } from './nats.js'
import { registry } from './registry.js'

/** All parts, in the order of the table. */
export const parts: readonly Part[] = [match, amqp, nats, latency, registry]
