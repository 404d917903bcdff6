import { defineRecord } from 'recordcast'
import { z } from 'zod'
import { common } from './linked.js'

/** Of code scanning, of Dependabot, or a vulnerable dependency as GitHub told of it before there was Dependabot. */
export const alert = defineRecord(
  'alert',
  z.object({
    tool: z.string(),
    number: z.number().nullable(),
    state: z.string(),
    severity: z.string().nullable(),
    summary: z.string(),
    package: z.string().nullable(),
    ...common,
  }),
)
/** Of all of GitHub: in no repository and caused by nobody. */
export const advisory = defineRecord(
  'advisory',
  z.object({
    ghsa_id: z.string(),
    summary: z.string(),
    description: z.string(),
    severity: z.string(),
    withdrawn_at: z.string().nullable(),
    vulnerabilities: z.array(z.object({ package: z.object({ name: z.string(), ecosystem: z.string() }) })),
  }),
)
