import type { Clock } from '@recordcast/transport'
import { plainProblem } from './parts/ask-many.js'
import type { Shape } from './shapes/index.js'

export type AuditEntry = Shape<'auditEntry'>

/** Runs what an operator asked for and tells what became of it, whichever way it ends. A dry run does nothing and is not told. */
export function createAudit(clock: Clock, tell: (entry: AuditEntry) => void) {
  return async <T>(
    what: Pick<AuditEntry, 'by' | 'action' | 'target' | 'details'>,
    run: () => Promise<T>,
  ): Promise<T> => {
    const entry = (outcome: Pick<AuditEntry, 'outcome' | 'problem'>): void =>
      tell({ at: new Date(clock.now()).toISOString(), ...what, ...outcome })
    try {
      const result = await run()
      entry({ outcome: 'done' })
      return result
    } catch (error) {
      entry({ outcome: 'failed', problem: plainProblem(error) })
      throw error
    }
  }
}
