import { createListener } from 'recordcast'
import type { Seen } from '../ledger.js'
import { advisory, alert } from '../records/security.js'
import { countOne, type Member, ranking, type Stage } from './member.js'

const service = 'security-watch'
const attributes = {
  what: 'summary',
  severity: 'severity',
  where: 'repository.full_name',
  owner: 'repository.owner.login',
} as const
const worldwide = { what: 'summary', severity: 'severity' } as const
const severity = [{ 'anything-but': ['note', 'low'] }]

/** Open alerts and new advisories that are more than a note. */
export function createSecurityWatch({ broker, see }: Stage): Member {
  const severities = new Map<string, number>()
  const warn = (event: Seen<{ severity: string | null }>): void => {
    see(service, event)
    countOne(severities, event.data.severity ?? 'unknown')
  }
  const where = { state: ['open'], severity }
  const listener = createListener({ service, broker })
  listener.on(alert.created, { attributes, where }, warn)
  listener.on(alert.changed, { attributes, where }, warn)
  listener.on(alert.event('reopened'), { attributes, where }, warn)
  listener.on(advisory.created, { attributes: worldwide, where: { severity } }, warn)
  return {
    service,
    purpose: 'open alerts and new advisories that are more than a note',
    listener,
    asks: [attributes, worldwide],
    result: () => `severities: ${ranking(severities)}`,
  }
}
