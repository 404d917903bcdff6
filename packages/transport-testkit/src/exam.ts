import { boards } from './cases/boards.js'
import { carrying } from './cases/carrying.js'
import { closing } from './cases/closing.js'
import { consuming } from './cases/consuming.js'
import { crashing } from './cases/crashing.js'
import { inspecting } from './cases/inspecting.js'
import { lettingGo } from './cases/letting-go.js'
import { parking } from './cases/parking.js'
import { publishing } from './cases/publishing.js'
import { queues } from './cases/queues.js'
import { requests } from './cases/requests.js'
import { stopping } from './cases/stopping.js'
import { throwing } from './cases/throwing.js'
import { verdicts } from './cases/verdicts.js'
import { watching } from './cases/watching.js'
import type { Room } from './room.js'

/** One sentence of the contract, put to the test. */
export interface ExamCase {
  /** A fact that holds for every driver. */
  readonly name: string
  /** What the harness must be able to do beyond opening transports. */
  readonly needs?: 'kill' | 'apart'
  /** Throws a plain error when the fact does not hold. */
  readonly run: (room: Room) => Promise<void>
}

/** The whole exam, in the order of the contract. */
export const examCases: readonly ExamCase[] = [
  ...publishing,
  ...carrying,
  ...queues,
  ...consuming,
  ...stopping,
  ...lettingGo,
  ...verdicts,
  ...throwing,
  ...parking,
  ...crashing,
  ...boards,
  ...watching,
  ...requests,
  ...inspecting,
  ...closing,
]
