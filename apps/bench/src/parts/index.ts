import type { Part } from '../measure.js'
import { board } from './board.js'
import { deliver } from './deliver.js'
import { frameworks } from './frameworks.js'
import { latency } from './latency.js'
import { match } from './match.js'

/** All parts, in the order of the table. */
export const parts: readonly Part[] = [match, deliver, latency, board, frameworks]
