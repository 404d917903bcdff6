import { createListener } from 'recordcast'
import type { Seen } from '../ledger.js'
import { star } from '../records/people.js'
import { comment, review } from '../records/work.js'
import { countOne, type Member, ranking, type Stage } from './member.js'

const service = 'leaderboard'
const written = { who: 'author.login', repo: 'repository.full_name' } as const
const starred = { who: 'sender.login', repo: 'repository.full_name' } as const

/** Who comments, reviews and stars most. */
export function createLeaderboard({ broker, see }: Stage): Member {
  const people = new Map<string, number>()
  const score = (event: Seen<{ who: string; repo: string }>): void => {
    see(service, event)
    countOne(people, event.data.who)
  }
  const listener = createListener({ service, broker })
  listener.on(comment.created, { attributes: written }, score)
  listener.on(review.created, { attributes: written }, score)
  listener.on(star.created, { attributes: starred }, score)
  return {
    service,
    purpose: 'who comments, reviews and stars most',
    listener,
    asks: [written, starred],
    result: () => ranking(people),
  }
}
