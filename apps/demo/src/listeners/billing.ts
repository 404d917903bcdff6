import { createListener } from 'recordcast'
import type { Seen } from '../ledger.js'
import { push, registryPackage, release } from '../records/code.js'
import { deployment, workflowJob, workflowRun } from '../records/runs.js'
import { countOne, type Member, ranking, type Stage } from './member.js'

const service = 'billing'
const attributes = { repository: 'repository?id', owner: 'repository.owner.login' } as const

/** Counts what costs money by who pays; wants to know nothing else of it. */
export function createBilling({ broker, see }: Stage): Member {
  const owners = new Map<string, number>()
  const repositories = new Set<string | null>()
  const bill = (event: Seen<{ repository: string | null; owner: string }>): void => {
    see(service, event)
    countOne(owners, event.data.owner)
    repositories.add(event.data.repository)
  }
  const listener = createListener({ service, broker })
  listener.on(push.created, { attributes }, bill)
  listener.on(release.event('published'), { attributes }, bill)
  listener.on(registryPackage.event('published'), { attributes }, bill)
  listener.on(deployment.created, { attributes }, bill)
  listener.on(workflowRun.event('completed'), { attributes }, bill)
  listener.on(workflowJob.event('completed'), { attributes }, bill)
  return {
    service,
    purpose: 'repository id and owner of whatever costs money',
    listener,
    asks: [attributes],
    result: () => `${repositories.size} repositories; owes most: ${ranking(owners)}`,
  }
}
