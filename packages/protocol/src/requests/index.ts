export {
  answerSchema,
  type ControlAnswer,
  type ControlRequest,
  requestSchema,
  type SubscriptionVerdict,
} from './requests.js'
