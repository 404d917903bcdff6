import { at, type Json } from '../json.js'
import {
  comment,
  discussion,
  issue,
  label,
  milestone,
  project,
  projectCard,
  projectColumn,
  projectItem,
  pullRequest,
  review,
  reviewThread,
} from '../records/work.js'
import { lifecycle, reviewing, triage } from './past.js'
import { type RecordEvent, told } from './told.js'

const commentOn =
  (on: string) =>
  (payload: Json): RecordEvent => {
    const own = at(payload, 'comment')
    const onId = on === 'commit' ? own.commit_id : at(payload, on).id
    return told(comment, payload, own, { more: { on, onId: String(onId) } })
  }

const own =
  (record: Parameters<typeof told>[0], name: string) =>
  (payload: Json): RecordEvent =>
    told(record, payload, at(payload, name))

/** Webhooks about what people work on and talk about. */
export const work = {
  issues: (payload: Json) => told(issue, payload, at(payload, 'issue'), { past: triage }),
  pull_request: (payload: Json) => {
    const request = at(payload, 'pull_request')
    const more = { headSha: at(request, 'head').sha, baseBranch: at(request, 'base').ref }
    return told(pullRequest, payload, request, { more, past: reviewing })
  },
  discussion: (payload: Json) => {
    const past = {
      ...lifecycle,
      category_changed: ({ changes }: Json) => ({ category: at(at({ changes }, 'changes'), 'category').from }),
    }
    return told(discussion, payload, at(payload, 'discussion'), { past })
  },
  issue_comment: commentOn('issue'),
  pull_request_review_comment: commentOn('pull_request'),
  discussion_comment: commentOn('discussion'),
  commit_comment: commentOn('commit'),
  pull_request_review: (payload: Json) =>
    told(review, payload, at(payload, 'review'), {
      more: { pullRequestId: at(payload, 'pull_request').id },
      born: ['submitted'],
    }),
  pull_request_review_thread: (payload: Json) => {
    const id = String(at(payload, 'thread').node_id)
    return told(reviewThread, payload, at(payload, 'thread'), {
      id,
      more: { id, pullRequestId: at(payload, 'pull_request').id },
    })
  },
  label: own(label, 'label'),
  milestone: (payload: Json) => told(milestone, payload, at(payload, 'milestone'), { past: lifecycle }),
  project: own(project, 'project'),
  project_column: own(projectColumn, 'project_column'),
  project_card: own(projectCard, 'project_card'),
  projects_v2_item: own(projectItem, 'projects_v2_item'),
}
