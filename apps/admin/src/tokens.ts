import { createHash, timingSafeEqual } from 'node:crypto'
import { RecordcastError } from '@recordcast/protocol/errors'

/** viewer: everything but payloads, and changes nothing. operator: everything. */
export type Role = 'viewer' | 'operator'

export interface Identity {
  readonly role: Role
  /** For the audit log. */
  readonly by: string
}

export interface Tokens {
  readonly size: number
  /** Whose a token is. Takes the same time whichever token it is, or none. */
  find(token: string): Identity | undefined
}

const shortest = 16

/**
 * Reads tokens, one a line: `role name token`. Empty lines and those that begin with `#` are passed over. Only digests are kept.
 *
 * @throws RecordcastError invalid-options, which names the line and never the token
 */
export function readTokens(text: string): Tokens {
  const known: { readonly digest: Buffer; readonly identity: Identity }[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    const [role, by, token, ...rest] = line.trim().split(/\s+/)
    const isSound =
      (role === 'viewer' || role === 'operator') && by !== undefined && token !== undefined && rest.length === 0
    if (!isSound || token.length < shortest) throw malformed(index + 1)
    known.push({ digest: digestOf(token), identity: { role, by } })
  }
  return {
    size: known.length,
    find(token) {
      const digest = digestOf(token)
      let found: Identity | undefined
      for (const { digest: own, identity } of known) if (timingSafeEqual(own, digest)) found = identity
      return found
    },
  }
}

export const noTokens: Tokens = { size: 0, find: () => undefined }

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function malformed(line: number): RecordcastError {
  const expected = `"viewer name token" or "operator name token", a token of at least ${shortest} characters`
  return new RecordcastError('invalid-options', `Line ${line} of the tokens is none: expected ${expected}`, {
    path: `/${line}`,
    expected,
  })
}
