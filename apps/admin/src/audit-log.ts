import type { Shape } from '@recordcast/operator/shapes'

type AuditEntry = Shape<'auditEntry'>

/** What operators did, for the API; the process's log has it for good. */
export interface AuditLog {
  add(entry: AuditEntry): void
  /** Newest first. */
  latest(): AuditEntry[]
}

const kept = 500

export function createAuditLog(tell: (entry: AuditEntry) => void): AuditLog {
  const entries: AuditEntry[] = []
  return {
    add(entry) {
      entries.push(entry)
      if (entries.length > kept) entries.shift()
      tell(entry)
    },
    latest: () => entries.toReversed(),
  }
}
