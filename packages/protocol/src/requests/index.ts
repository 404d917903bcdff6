export { decisionsAnswer, explainAnswer, explainRequest } from './explain.js'
export { problem } from './problem.js'
export {
  answerSchema,
  type ControlAnswer,
  type ControlRequest,
  requestSchema,
  type SubscriptionVerdict,
  subscriptionVerdict,
} from './requests.js'
export { statsAnswer } from './stats.js'
