export { createAmqpTransport } from './connect.js'
export type { AmqpState, AmqpTransportOptions } from './options.js'
