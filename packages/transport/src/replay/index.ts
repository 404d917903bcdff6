export { type ReplayOptions, type ReplayReport, replayParked } from './replay.js'
