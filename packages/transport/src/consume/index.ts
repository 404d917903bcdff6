export { copyOf } from './copy-of.js'
export { pauseAfterThrow } from './pause-after-throw.js'
