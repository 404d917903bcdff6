export {
  brand,
  describe,
  type ErrorCode,
  type ErrorDetails,
  type Problem,
  RecordcastError,
  toProblem,
} from './errors.js'
