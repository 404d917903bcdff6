import { defineRecord } from 'recordcast'
import { z } from 'zod'

/** A user, an organisation or a bot: whoever can own a repository or cause an event. */
const accountShape = z.object({ id: z.number(), login: z.string(), type: z.string() })

const repositoryShape = z.object({
  id: z.number(),
  name: z.string(),
  full_name: z.string(),
  private: z.boolean(),
  description: z.string().nullish(),
  default_branch: z.string(),
  language: z.string().nullish(),
  ownerId: z.number(),
  owner: accountShape,
})

/*
The groups of facts that link one record to another. An event carries the key (`senderId`); the record behind it (`sender`) is
described here so that its attributes can be asked for and have types, and is loaded only when somebody asks.
*/
export const bySender = { senderId: z.number(), sender: accountShape }
export const byAuthor = { authorId: z.number(), author: accountShape }
export const inRepository = { repositoryId: z.number(), repository: repositoryShape }
export const inOrganization = { organizationId: z.number(), organization: accountShape }
/** What GitHub tells of most records: in which repository, and who did it. */
export const common = { ...inRepository, ...bySender }

export const account = defineRecord('account', accountShape.extend(bySender))
export const repository = defineRecord('repository', repositoryShape.extend(bySender))

/** Under these names stand linked records in every schema; `${name}Id` is the key. */
export const linkNames: ReadonlySet<string> = new Set(['repository', 'organization', 'sender', 'author', 'owner'])
