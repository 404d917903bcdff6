export { type ErrorCode, RecordcastError } from './errors/index.js'
