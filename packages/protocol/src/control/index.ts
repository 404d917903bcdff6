export { decodeControl, encodeControl, largestSourceAnnouncement } from './decode.js'
export {
  boards,
  type ListenerFact,
  listenerFactSchema,
  type PauseFact,
  pauseFactSchema,
  protocolVersion,
  type SourceFact,
  type Subscription,
  sourceFactSchema,
} from './facts.js'
