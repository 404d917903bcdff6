export { type ErrorCode, RecordcastError } from './errors/index.js'
export { defineRecord, type EventType, type RecordDefinition, type RecordShape, splitEventType } from './record.js'
