import { createListener } from 'recordcast'
import type { Seen } from '../ledger.js'
import { issue, milestone, pullRequest } from '../records/work.js'
import type { Member, Stage } from './member.js'

const service = 'notifier'
const attributes = { title: 'title', who: 'sender.login', repo: 'repository.full_name' } as const
const closed = { state: ['closed'], $before: { state: ['open'] } }

/** Says who closed what. A closed issue that is deleted is worth a notice too. */
export function createNotifier({ broker, see }: Stage): Member {
  let notices = 0
  let last = 'nobody'
  const notify = (event: Seen<{ title: string; who: string; repo: string }>): void => {
    see(service, event)
    const { title, who, repo } = event.data
    notices++
    last = `${who} in ${repo}: "${title}"`
  }
  const listener = createListener({ service, broker })
  listener.on(issue.changed, { attributes, where: closed }, notify)
  listener.on(issue.deleted, { attributes, where: { state: ['closed'] } }, notify)
  listener.on(pullRequest.changed, { attributes, where: closed }, notify)
  listener.on(milestone.changed, { attributes, where: closed }, notify)
  return {
    service,
    purpose: 'says who closed what',
    listener,
    asks: [attributes],
    result: () => `${notices} notices, the last of ${last}`,
  }
}
