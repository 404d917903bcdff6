export { isSensitiveField, mask, maskData, maskRecord } from './mask-data.js'
export {
  type SensitiveRecord,
  type Sensitivity,
  sensitiveNames,
  sensitivityOf,
  sensitivityOfRecord,
} from './sensitivity.js'
