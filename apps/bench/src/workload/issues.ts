import { defineRecord } from 'recordcast'
import { z } from 'zod'

/** A record as services have them, with a text that makes it as long as wanted. */
export const issue = defineRecord(
  'issue',
  z.object({
    number: z.number().int(),
    title: z.string().min(1),
    state: z.enum(['open', 'closed']),
    author: z.object({ login: z.string(), admin: z.boolean() }),
    labels: z.array(z.string()).max(20),
    text: z.string(),
  }),
)

export const issueAttributes = ['number', 'title', 'state', 'author.login', 'labels', 'text'] as const

/** What a document of an issue without its text has in bytes, near enough. */
const restBytes = 370

/** The facts of an issue that makes a document of about so many bytes, 400 at least. */
export function someIssue(index: number, bytes: number) {
  return {
    number: index,
    title: `Issue ${index} cannot be closed`,
    state: index % 3 === 0 ? ('closed' as const) : ('open' as const),
    author: { login: `user-${index % 97}`, admin: false },
    labels: ['bug', 'good first issue'],
    text: 'lorem ipsum '.repeat(Math.ceil(bytes / 12)).slice(0, Math.max(0, bytes - restBytes)),
  }
}

/** What is emitted of a thousand issues. */
export function someFacts(bytes: number) {
  return Array.from({ length: 1000 }, (_, index) => ({ id: `issue-${index}`, after: someIssue(index, bytes) }))
}
