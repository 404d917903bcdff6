import { createListener } from 'recordcast'
import type { Seen } from '../ledger.js'
import { discussion, issue, pullRequest } from '../records/work.js'
import type { Member, Stage } from './member.js'

const service = 'search-index'
const attributes = ['title', 'body'] as const

/** Keeps the words of titles and bodies. */
export function createSearchIndex({ broker, see }: Stage): Member {
  const documents = new Map<string, ReadonlySet<string>>()
  const nameOf = ({ type, record }: Seen): string => `${type.split('.')[0]}/${record}`
  const index = (event: Seen<{ title: string; body: string | null }>): void => {
    see(service, event)
    const words = `${event.data.title} ${event.data.body ?? ''}`.toLowerCase().match(/[\p{L}\p{N}]+/gu)
    documents.set(nameOf(event), new Set(words))
  }
  const forget = (event: Seen): void => {
    see(service, event)
    documents.delete(nameOf(event))
  }
  const listener = createListener({ service, broker })
  listener.on(issue.created, { attributes }, index)
  listener.on(issue.changed, { attributes }, index)
  listener.on(issue.deleted, { attributes: [] }, forget)
  listener.on(pullRequest.created, { attributes }, index)
  listener.on(pullRequest.changed, { attributes }, index)
  listener.on(discussion.created, { attributes }, index)
  listener.on(discussion.changed, { attributes }, index)
  return {
    service,
    purpose: 'titles and bodies of issues, pull requests, discussions',
    listener,
    asks: [attributes],
    result() {
      const words = new Set([...documents.values()].flatMap((each) => [...each]))
      return `${documents.size} documents with ${words.size} distinct words`
    },
  }
}
