import { createListener } from 'recordcast'
import type { Seen } from '../ledger.js'
import { issue, pullRequest } from '../records/work.js'
import { countOne, type Member, ranking, type Stage } from './member.js'

const service = 'label-statistics'
const attributes = ['labels[].name'] as const

/** Counts labels by name, of every issue and pull request that is opened or touched. */
export function createLabelStatistics({ broker, see }: Stage): Member {
  const labels = new Map<string, number>()
  const count = (event: Seen<{ 'labels[].name': readonly string[] }>): void => {
    see(service, event)
    for (const name of event.data['labels[].name']) countOne(labels, name)
  }
  const listener = createListener({ service, broker })
  listener.on(issue.created, { attributes }, count)
  listener.on(issue.changed, { attributes }, count)
  listener.on(pullRequest.created, { attributes }, count)
  listener.on(pullRequest.changed, { attributes }, count)
  return {
    service,
    purpose: 'names of labels, nothing else',
    listener,
    asks: [attributes],
    result: () => ranking(labels),
  }
}
