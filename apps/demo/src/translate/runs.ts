import { at, type Json, text } from '../json.js'
import {
  checkRun,
  checkSuite,
  commitStatus,
  deployment,
  deploymentStatus,
  dispatch,
  pageBuild,
  workflowJob,
  workflowRun,
} from '../records/runs.js'
import { told } from './told.js'

const dispatchTold = (what: string, branch: string) => (payload: Json) =>
  told(dispatch, payload, payload, {
    id: `${at(payload, 'repository').id}/${text(payload, what)}`,
    more: { what: payload[what], branch: payload[branch] },
    action: 'created',
  })

/** Webhooks about what runs for a commit. "completed" does not tell how far the run had come before: an event of its own. */
export const runs = {
  check_run: (payload: Json) => told(checkRun, payload, at(payload, 'check_run')),
  check_suite: (payload: Json) => told(checkSuite, payload, at(payload, 'check_suite')),
  workflow_run: (payload: Json) => told(workflowRun, payload, at(payload, 'workflow_run')),
  workflow_job: (payload: Json) => told(workflowJob, payload, at(payload, 'workflow_job')),
  deployment_review: (payload: Json) =>
    told(workflowRun, payload, at(payload, 'workflow_run'), { action: 'review_requested' }),
  /** GitHub tells a commit's status as a new entry each time. */
  status: (payload: Json) => told(commitStatus, payload, payload, { action: 'created' }),
  deployment: (payload: Json) => told(deployment, payload, at(payload, 'deployment')),
  deployment_status: (payload: Json) =>
    told(deploymentStatus, payload, at(payload, 'deployment_status'), {
      more: { deploymentId: at(payload, 'deployment').id },
    }),
  page_build: (payload: Json) =>
    told(pageBuild, payload, at(payload, 'build'), {
      id: String(payload.id),
      more: { id: payload.id },
      action: 'created',
    }),
  workflow_dispatch: dispatchTold('workflow', 'ref'),
  repository_dispatch: dispatchTold('action', 'branch'),
}
