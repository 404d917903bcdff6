export { InHandMap } from './in-hand-map.js'
export { InHandSet } from './in-hand-set.js'
