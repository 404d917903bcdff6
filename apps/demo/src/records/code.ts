import { defineRecord } from 'recordcast'
import { z } from 'zod'
import { byAuthor, common } from './linked.js'

const commit = z.object({ id: z.string(), message: z.string() })

export const push = defineRecord(
  'push',
  z.object({
    ref: z.string(),
    before: z.string(),
    after: z.string(),
    forced: z.boolean(),
    commits: z.array(commit),
    ...common,
  }),
)
/** A branch or a tag. */
export const ref = defineRecord('ref', z.object({ ref: z.string(), ref_type: z.string(), ...common }))
export const mergeGroup = defineRecord(
  'merge_group',
  z.object({ head_sha: z.string(), head_ref: z.string(), base_ref: z.string(), ...common }),
)
export const wikiPage = defineRecord(
  'wiki_page',
  z.object({ page_name: z.string(), title: z.string(), sha: z.string(), ...common }),
)
export const branchProtection = defineRecord(
  'branch_protection',
  z.object({
    id: z.number(),
    name: z.string(),
    authorized_actors_only: z.boolean(),
    authorized_actor_names: z.array(z.string()),
    required_approving_review_count: z.number(),
    dismiss_stale_reviews_on_push: z.boolean(),
    require_code_owner_review: z.boolean(),
    allow_force_pushes_enforcement_level: z.string(),
    ...common,
  }),
)
export const release = defineRecord(
  'release',
  z.object({
    id: z.number(),
    tag_name: z.string(),
    name: z.string().nullable(),
    body: z.string().nullable(),
    draft: z.boolean(),
    prerelease: z.boolean(),
    published_at: z.string().nullable(),
    ...byAuthor,
    ...common,
  }),
)
export const registryPackage = defineRecord(
  'package',
  z.object({ id: z.number(), name: z.string(), package_type: z.string(), ...common }),
)
export const deployKey = defineRecord(
  'deploy_key',
  z.object({ id: z.number(), title: z.string(), read_only: z.boolean(), ...common }),
)
