import { createListener } from 'recordcast'
import type { Seen } from '../ledger.js'
import { push, ref } from '../records/code.js'
import { workflowRun } from '../records/runs.js'
import { countOne, type Member, ranking, type Stage } from './member.js'

const service = 'octo-mirror'
const moved = { repo: 'repository.full_name', what: 'ref' } as const
const ran = { repo: 'repository.full_name', what: 'head_branch' } as const

/** The owner is two links away from the event: the filter has it loaded, for the events that pass everything else. */
const where = { repository: { owner: { login: [{ prefix: { 'equals-ignore-case': 'octo' } }] } } }

/** Follows the repositories of owners whose name begins with "octo". */
export function createOctoMirror({ broker, see }: Stage): Member {
  const repositories = new Map<string, number>()
  const mirror = (event: Seen<{ repo: string; what: string | null }>): void => {
    see(service, event)
    countOne(repositories, event.data.repo)
  }
  const listener = createListener({ service, broker })
  listener.on(push.created, { attributes: moved, where }, mirror)
  listener.on(ref.created, { attributes: moved, where }, mirror)
  listener.on(ref.deleted, { attributes: moved, where }, mirror)
  listener.on(workflowRun.event('completed'), { attributes: ran, where }, mirror)
  return {
    service,
    purpose: 'a filter on a linked record: owners called octo…',
    listener,
    asks: [moved, ran],
    result: () => ranking(repositories),
  }
}
