import type { Part } from '../measure.js'
import { deliver } from './deliver.js'
import { match } from './match.js'

/** All parts, in the order of the table. */
export const parts: readonly Part[] = [match, deliver]
