import { at, isObject, type Json, list } from '../json.js'
import type { Past } from './told.js'

/*
How a record was before an action, where GitHub's documentation of webhooks leaves no doubt: what is closed was open, what is labelled
lacked that label. https://docs.github.com/webhooks/webhook-events-and-payloads
*/
const withOne = (among: unknown, one: Json): readonly unknown[] => [...without(among, one), one]
const without = (among: unknown, { id }: Json): readonly unknown[] =>
  list(among).filter((each) => isObject(each) && each.id !== id)

export const lifecycle: Past = {
  closed: () => ({ state: 'open', closed_at: null }),
  reopened: () => ({ state: 'closed' }),
  locked: () => ({ locked: false }),
  unlocked: () => ({ locked: true }),
}

export const triage: Past = {
  ...lifecycle,
  labeled: (payload, { labels }) => ({ labels: without(labels, at(payload, 'label')) }),
  unlabeled: (payload, { labels }) => ({ labels: withOne(labels, at(payload, 'label')) }),
  assigned: (payload, { assignees }) => ({ assignees: without(assignees, at(payload, 'assignee')) }),
  unassigned: (payload, { assignees }) => ({ assignees: withOne(assignees, at(payload, 'assignee')) }),
  // A milestone that takes the place of another is told in two webhooks, the first of which takes the old one away.
  milestoned: () => ({ milestone: null }),
  demilestoned: (payload) => ({ milestone: at(payload, 'milestone') }),
}

export const reviewing: Past = {
  ...triage,
  closed: () => ({ state: 'open', closed_at: null, merged: false }),
  ready_for_review: () => ({ draft: true }),
  converted_to_draft: () => ({ draft: false }),
  synchronize: ({ before }) => ({ headSha: before }),
  // A review may be asked of a team as well; then the payload has no reviewer, and who was asked before is not told.
  review_requested: ({ requested_reviewer: one }, { requested_reviewers: all }) =>
    isObject(one) ? { requested_reviewers: without(all, one) } : undefined,
  review_request_removed: ({ requested_reviewer: one }, { requested_reviewers: all }) =>
    isObject(one) ? { requested_reviewers: withOne(all, one) } : undefined,
}

export const visibility: Past = {
  publicized: () => ({ private: true }),
  privatized: () => ({ private: false }),
  renamed: ({ changes }, { full_name }) => {
    const name = at(at(at({ changes }, 'changes'), 'repository'), 'name').from
    return { name, full_name: `${String(full_name).split('/')[0]}/${name}` }
  },
  transferred: ({ changes }, { name }) => {
    const from = at(at(at({ changes }, 'changes'), 'owner'), 'from')
    const owner = isObject(from.user) ? from.user : at(from, 'organization')
    return { ownerId: owner.id, full_name: `${owner.login}/${name}` }
  },
}
