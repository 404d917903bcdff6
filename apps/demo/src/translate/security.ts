import { at, isObject, type Json, text } from '../json.js'
import { advisory, alert } from '../records/security.js'
import { told } from './told.js'

const alertId = (payload: Json, tool: string, number: unknown): string =>
  `${at(payload, 'repository').id}/${tool}/${number}`

/*
Three webhooks with three shapes make one record. What an alert was before "fixed" or "reopened" (open or dismissed, dismissed or fixed)
is not told, so these are events of their own.
*/
export const security = {
  code_scanning_alert: (payload: Json) => {
    const own = at(payload, 'alert')
    const rule = at(own, 'rule')
    const tool = text(at(own, 'tool'), 'name')
    return told(alert, payload, own, {
      id: alertId(payload, tool, own.number),
      more: { tool, severity: rule.severity, summary: rule.description, package: null },
    })
  },
  dependabot_alert: (payload: Json) => {
    const own = at(payload, 'alert')
    const { severity, summary } = at(own, 'security_advisory')
    const more = { tool: 'Dependabot', severity, summary, package: at(at(own, 'dependency'), 'package').name }
    return told(alert, payload, own, { id: alertId(payload, 'Dependabot', own.number), more })
  },
  repository_vulnerability_alert: (payload: Json) => {
    const own = at(payload, 'alert')
    const { affected_package_name: name, number = null, severity = null, external_identifier: summary } = own
    // The oldest payloads have no state: an alert that has just been made is open.
    const state = own.state ?? 'open'
    const more = { tool: 'dependency graph', number, severity, summary, package: name, state }
    return told(alert, payload, own, {
      id: alertId(payload, 'dependency graph', own.id),
      more,
      born: ['create'],
      // Only an open alert can be dismissed.
      past: { dismiss: () => ({ state: 'open' }) },
    })
  },
  security_advisory: (payload: Json) => {
    const own = at(payload, 'security_advisory')
    const past = { withdrawn: () => (isObject(own) ? { withdrawn_at: null } : undefined) }
    return told(advisory, payload, own, { id: text(own, 'ghsa_id'), born: ['published'], past })
  },
}
