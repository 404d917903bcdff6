export { announcedNames } from './announced.js'
export { type FieldTrees, fieldTrees } from './field-trees.js'
export { type RecordNames, verifyNames } from './verify-names.js'
