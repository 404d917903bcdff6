import type { createListener, createSource, defineRecord } from 'recordcast'

/** Names for what the SDK's functions take and give. */
export type Listener = ReturnType<typeof createListener>
export type Source = ReturnType<typeof createSource>
export type SourceStats = ReturnType<Source['stats']>
export type Records = Parameters<typeof createSource>[0]['records']
export type RecordType = ReturnType<typeof defineRecord>
export type EventType = Parameters<Source['emit']>[0]
