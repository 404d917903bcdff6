import { RecordcastError } from '@recordcast/protocol/errors'

/*
Pages go by key, not by number: what comes or goes between two pages moves nothing else. A cursor is the last key of the page before it.
*/

/** The key after which a page begins; '' for the first. @throws RecordcastError invalid-request */
function readCursor(cursor: string | undefined): string {
  if (cursor === undefined) return ''
  const key = Buffer.from(cursor, 'base64url').toString('utf8')
  if (key !== '' && writeCursor(key) === cursor) return key
  throw new RecordcastError('invalid-request', 'The cursor is none that a page gave', {
    path: '/cursor',
    found: cursor,
    expected: 'the "next" of an earlier page, unchanged',
  })
}

function writeCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url')
}

/** Collects one page from items that come in the order of their keys. */
export function collectPage<T>({ cursor, limit }: { cursor?: string | undefined; limit: number }): {
  take(key: string, make: () => T): void
  page(): { items: T[]; total: number; next?: string }
} {
  const after = readCursor(cursor)
  const items: T[] = []
  let last = ''
  let total = 0
  let more = false
  return {
    take(key, make) {
      total++
      if (key <= after) return
      if (items.length >= limit) {
        more = true
        return
      }
      items.push(make())
      last = key
    },
    page: () => ({ items, total, ...(more && { next: writeCursor(last) }) }),
  }
}
