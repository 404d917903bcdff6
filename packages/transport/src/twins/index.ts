export { type Turn, Twins } from './twins.js'
