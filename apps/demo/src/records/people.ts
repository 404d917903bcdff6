import { defineRecord } from 'recordcast'
import { z } from 'zod'
import { bySender, common, inOrganization, inRepository } from './linked.js'

export const fork = defineRecord('fork', z.object({ id: z.number(), full_name: z.string(), ...common }))
/** A star; `watch` webhooks tell of the same under its older name. */
export const star = defineRecord('star', z.object({ starred_at: z.string().nullable(), ...common }))
const holder = { memberId: z.number(), login: z.string() }
export const collaborator = defineRecord('collaborator', z.object({ ...holder, ...common }))
/** Of an organisation or of a team of it. */
export const membership = defineRecord(
  'membership',
  z.object({ ...holder, scope: z.string(), team: z.string().nullable(), ...inOrganization, ...bySender }),
)
export const block = defineRecord('block', z.object({ ...holder, ...inOrganization, ...bySender }))
export const team = defineRecord(
  'team',
  z.object({
    id: z.number(),
    name: z.string(),
    slug: z.string(),
    privacy: z.string(),
    permission: z.string(),
    repositoryId: inRepository.repositoryId.nullable(),
    repository: inRepository.repository.nullable(),
    ...inOrganization,
    ...bySender,
  }),
)
export const sponsorship = defineRecord(
  'sponsorship',
  z.object({
    node_id: z.string(),
    privacy_level: z.string(),
    tier: z.object({ name: z.string(), monthly_price_in_cents: z.number() }),
    sponsor: z.string(),
    sponsorable: z.string(),
    ...bySender,
  }),
)
export const purchase = defineRecord(
  'purchase',
  z.object({
    account: z.string(),
    plan: z.string(),
    billing_cycle: z.string(),
    unit_count: z.number(),
    ...bySender,
  }),
)
/** Of a GitHub App. */
export const installation = defineRecord(
  'installation',
  z.object({ id: z.number(), app_slug: z.string().nullish(), repository_selection: z.string(), ...bySender }),
)
export const authorization = defineRecord('authorization', z.object({ ...bySender }))
export const hook = defineRecord(
  'hook',
  z.object({ id: z.number(), name: z.string(), type: z.string(), events: z.array(z.string()), ...bySender }),
)
