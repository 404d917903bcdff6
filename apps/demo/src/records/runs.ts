import { defineRecord } from 'recordcast'
import { z } from 'zod'
import { common } from './linked.js'

/** What everything that runs for a commit says of itself. */
const run = {
  id: z.number(),
  status: z.string(),
  conclusion: z.string().nullable(),
  head_sha: z.string(),
  ...common,
}

export const checkRun = defineRecord('check_run', z.object({ name: z.string(), ...run }))
export const checkSuite = defineRecord('check_suite', z.object({ head_branch: z.string().nullable(), ...run }))
export const workflowRun = defineRecord(
  'workflow_run',
  z.object({ name: z.string(), event: z.string(), head_branch: z.string().nullable(), ...run }),
)
export const workflowJob = defineRecord(
  'workflow_job',
  z.object({ name: z.string(), run_id: z.number(), labels: z.array(z.string()), ...run }),
)
export const commitStatus = defineRecord(
  'commit_status',
  z.object({ id: z.number(), sha: z.string(), context: z.string(), state: z.string(), ...common }),
)
export const deployment = defineRecord(
  'deployment',
  z.object({ id: z.number(), sha: z.string(), ref: z.string(), environment: z.string(), ...common }),
)
export const deploymentStatus = defineRecord(
  'deployment_status',
  z.object({ id: z.number(), state: z.string(), environment: z.string(), deploymentId: z.number(), ...common }),
)
export const pageBuild = defineRecord('page_build', z.object({ id: z.number(), status: z.string(), ...common }))
/** Somebody outside asked for a run. */
export const dispatch = defineRecord('dispatch', z.object({ what: z.string(), branch: z.string(), ...common }))
