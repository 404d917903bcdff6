export { createNatsTransport } from './create.js'
export type { Auth } from './link/address.js'
export type { LinkState, NatsTransportOptions } from './options.js'
