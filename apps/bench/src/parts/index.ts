import type { Part } from '../measure.js'
import { guards } from './guards.js'
import { match } from './match.js'

/** All parts, in the order of the table. */
export const parts: readonly Part[] = [match, guards]
