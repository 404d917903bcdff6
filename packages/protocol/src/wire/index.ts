export { decodeEvent } from './decode.js'
export { encodeEvent, encodeHead, encodeTail } from './encode.js'
export { type Audience, eventContentType, type MissingAttribute, type WireEvent } from './event.js'
export { newEventId } from './id.js'
