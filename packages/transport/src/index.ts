export { type Clock, systemClock } from './clock.js'
export { TransportError } from './errors.js'
export {
  type Change,
  type Delivery,
  type Message,
  type ParkedMessage,
  type QueueReport,
  type Running,
  shelfOf,
  type Transport,
  type Verdict,
} from './transport.js'
