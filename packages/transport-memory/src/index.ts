export { createMemoryBus, type MemoryBus, type MemoryBusOptions } from './bus.js'
export type { ControlFate, CrashPoint, Faults, PublishFate } from './faults.js'
export { memoryBusNamed } from './named.js'
export { createMemoryTransport, type MemoryTransportOptions } from './transport.js'
