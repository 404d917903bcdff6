export { describe } from './describe.js'
export { brand, type ErrorCode, type ErrorDetails, errorCodes, RecordcastError } from './errors.js'
export { type Problem, toProblem } from './problem.js'
