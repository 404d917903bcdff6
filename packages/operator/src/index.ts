export { type OperatorOptions, openOperator } from './open-operator.js'
export type { Actor, Census, Confirmed, Operator, ReplayInput } from './operator.js'
