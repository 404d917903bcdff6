import { defineRecord } from 'recordcast'
import { z } from 'zod'
import { byAuthor, bySender, common, inOrganization } from './linked.js'

const labelShape = z.object({ id: z.number(), name: z.string(), color: z.string() })
const person = z.object({ id: z.number(), login: z.string() })
const milestoneShape = z.object({ id: z.number(), title: z.string() })

const thread = {
  id: z.number(),
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  locked: z.boolean(),
  comments: z.number(),
  ...byAuthor,
  ...common,
}
const triaged = {
  labels: z.array(labelShape),
  assignees: z.array(person),
  milestone: milestoneShape.nullable(),
  closed_at: z.string().nullable(),
}

export const issue = defineRecord('issue', z.object({ ...thread, ...triaged }))
export const pullRequest = defineRecord(
  'pull_request',
  z.object({
    ...thread,
    ...triaged,
    draft: z.boolean(),
    merged: z.boolean(),
    requested_reviewers: z.array(person),
    headSha: z.string(),
    baseBranch: z.string(),
  }),
)
export const discussion = defineRecord('discussion', z.object({ ...thread, category: z.object({ name: z.string() }) }))

/** On an issue, a pull request, a discussion or a commit. */
export const comment = defineRecord(
  'comment',
  z.object({ id: z.number(), on: z.string(), onId: z.string(), body: z.string(), ...byAuthor, ...common }),
)
export const review = defineRecord(
  'review',
  z.object({
    id: z.number(),
    state: z.string(),
    body: z.string().nullable(),
    pullRequestId: z.number(),
    ...byAuthor,
    ...common,
  }),
)
export const reviewThread = defineRecord(
  'review_thread',
  z.object({ id: z.string(), pullRequestId: z.number(), comments: z.array(z.object({ body: z.string() })), ...common }),
)
export const label = defineRecord('label', labelShape.extend(common))
export const milestone = defineRecord(
  'milestone',
  milestoneShape.extend({
    number: z.number(),
    description: z.string().nullable(),
    state: z.string(),
    open_issues: z.number(),
    closed_issues: z.number(),
    closed_at: z.string().nullable(),
    ...common,
  }),
)

export const project = defineRecord(
  'project',
  z.object({ id: z.number(), name: z.string(), body: z.string().nullable(), state: z.string(), ...common }),
)
export const projectColumn = defineRecord('project_column', z.object({ id: z.number(), name: z.string(), ...common }))
export const projectCard = defineRecord(
  'project_card',
  z.object({ id: z.number(), note: z.string().nullable(), column_id: z.number(), archived: z.boolean(), ...common }),
)
/** A row of a project of the second kind, which belongs to an organisation. */
export const projectItem = defineRecord(
  'project_item',
  z.object({
    id: z.number(),
    content_type: z.string(),
    archived_at: z.string().nullable(),
    ...inOrganization,
    ...bySender,
  }),
)
