export { type Doubt, Standstill } from './standstill.js'
