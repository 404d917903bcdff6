import type { Part } from '../measure.js'
import { deliverEmbedded } from './deliver-embedded.js'
import { emit } from './emit.js'
import { encode } from './encode.js'
import { enrich } from './enrich.js'
import { match } from './match.js'
import { memory } from './memory.js'

/** All parts, in the order of the table. */
export const parts: readonly Part[] = [match, emit, enrich, encode, deliverEmbedded, memory]
