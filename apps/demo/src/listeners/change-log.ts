import { createListener } from 'recordcast'
import type { Seen } from '../ledger.js'
import { release } from '../records/code.js'
import { repository } from '../records/linked.js'
import { discussion, issue, pullRequest } from '../records/work.js'
import type { Member, Stage } from './member.js'

const service = 'change-log'
const titled = { name: 'title', was: '$before.title', state: 'state', wasState: '$before.state' } as const
const released = { name: 'name', was: '$before.name' } as const
const moved = { name: 'full_name', was: '$before.full_name' } as const
const when = 'selected-changed'

/** Wants changes of names and states only; the source holds back every change of something else. */
export function createChangeLog({ broker, see }: Stage): Member {
  let entries = 0
  let last = 'none'
  const log = (
    event: Seen<{ name: string | null; was: string | null; state?: string; wasState?: string | null }>,
  ): void => {
    see(service, event)
    const { name, was, state, wasState } = event.data
    entries++
    last = name === was ? `${wasState} -> ${state}` : `${was} -> ${name}`
  }
  const listener = createListener({ service, broker })
  listener.on(issue.changed, { attributes: titled, when }, log)
  listener.on(pullRequest.changed, { attributes: titled, when }, log)
  listener.on(discussion.changed, { attributes: titled, when }, log)
  listener.on(release.changed, { attributes: released, when }, log)
  listener.on(repository.changed, { attributes: moved, when }, log)
  return {
    service,
    purpose: "names and states, when: 'selected-changed'",
    listener,
    asks: [titled, released, moved],
    result: () => `${entries} entries, the last: ${last}`,
  }
}
