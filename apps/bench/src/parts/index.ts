import type { Part } from '../measure.js'
import { board } from './board.js'
import { deliver } from './deliver.js'
import { deliverEmbedded } from './deliver-embedded.js'
import { emit } from './emit.js'
import { encode } from './encode.js'
import { enrich } from './enrich.js'
import { frameworks } from './frameworks.js'
import { guards } from './guards.js'
import { latency } from './latency.js'
import { match } from './match.js'
import { memory } from './memory.js'

/** All parts, in the order of the table. */
export const parts: readonly Part[] = [
  match,
  guards,
  emit,
  enrich,
  encode,
  deliverEmbedded,
  deliver,
  latency,
  board,
  frameworks,
  memory,
]
