export { copyOf } from './copy-of.js'
export { isPromise } from './is-promise.js'
export { pauseAfterThrow } from './pause-after-throw.js'
