import { at, isObject, type Json, text } from '../json.js'
import { account, repository } from '../records/linked.js'
import {
  authorization,
  block,
  collaborator,
  fork,
  hook,
  installation,
  membership,
  purchase,
  sponsorship,
  star,
  team,
} from '../records/people.js'
import { visibility } from './past.js'
import { type How, type RecordEvent, told } from './told.js'

const repositoryTold = (payload: Json, own: Json, how: How = {}): RecordEvent =>
  told(repository, payload, own, { more: { ownerId: at(own, 'owner').id }, past: visibility, ...how })

const starTold = (payload: Json, action?: string): RecordEvent =>
  told(star, payload, payload, {
    id: `${at(payload, 'repository').id}/${at(payload, 'sender').id}`,
    more: { starred_at: payload.starred_at ?? null },
    ...(action && { action }),
  })

const holding = (payload: Json, name: string): { readonly id: string; readonly more: Json } => {
  const { id, login } = at(payload, name)
  const where = isObject(payload.repository) ? payload.repository : at(payload, 'organization')
  return { id: `${where.id}/${id}`, more: { memberId: id, login } }
}

const purchased = ({ account: buyer, plan, ...rest }: Json): Json => ({
  ...rest,
  account: at({ buyer }, 'buyer').login,
  plan: at({ plan }, 'plan').name,
})

/** Webhooks about repositories as such, who may do what with them, and who pays. */
export const people = {
  repository: (payload: Json) => repositoryTold(payload, at(payload, 'repository')),
  /** Sent when a private repository becomes public. */
  public: (payload: Json) => repositoryTold(payload, at(payload, 'repository'), { action: 'publicized' }),
  repository_import: (payload: Json) =>
    repositoryTold(payload, at(payload, 'repository'), { action: `import_${text(payload, 'status')}` }),
  /** A fork is a new repository too. */
  fork: (payload: Json) => {
    const forkee = at(payload, 'forkee')
    const born = { action: 'created' }
    return [told(fork, payload, forkee, born), repositoryTold(payload, forkee, born)]
  },
  star: (payload: Json) => starTold(payload),
  watch: (payload: Json) => starTold(payload, 'created'),
  /** "edited" tells the permission of before, but not the one of now: an event of its own. */
  member: (payload: Json) =>
    told(collaborator, payload, payload, { ...holding(payload, 'member'), born: ['added'], gone: ['removed'] }),
  membership: (payload: Json) => {
    const { id, more } = holding(payload, 'member')
    const { id: teamId, name } = at(payload, 'team')
    const how = { id: `${id}/${teamId}`, more: { ...more, scope: payload.scope, team: name } }
    return told(membership, payload, {}, { ...how, born: ['added'], gone: ['removed'] })
  },
  organization: (payload: Json) => {
    if (payload.action === 'renamed') {
      return told(account, payload, at(payload, 'organization'), {
        more: { type: 'Organization' },
        past: { renamed: ({ changes }) => ({ login: at(at({ changes }, 'changes'), 'login').from }) },
      })
    }
    const user = isObject(payload.user) ? payload : at(payload, 'membership')
    const { id, more } = holding({ organization: payload.organization, user: user.user }, 'user')
    const whole = { ...more, scope: 'organization', team: null }
    return told(membership, payload, {}, { id, more: whole, born: ['member_added'], gone: ['member_removed'] })
  },
  org_block: (payload: Json) =>
    told(block, payload, {}, { ...holding(payload, 'blocked_user'), born: ['blocked'], gone: ['unblocked'] }),
  team: (payload: Json) => told(team, payload, at(payload, 'team'), { more: inRepositoryOrNone(payload) }),
  team_add: (payload: Json) =>
    told(team, payload, at(payload, 'team'), { more: inRepositoryOrNone(payload), action: 'added_to_repository' }),
  sponsorship: (payload: Json) => {
    const own = at(payload, 'sponsorship')
    const more = { sponsor: at(own, 'sponsor').login, sponsorable: at(own, 'sponsorable').login }
    // The tier of before is told; the one of now holds until the change takes effect, so nothing has changed yet.
    return told(sponsorship, { ...payload, changes: undefined }, own, { id: text(own, 'node_id'), more })
  },
  marketplace_purchase: (payload: Json) => {
    const own = at(payload, 'marketplace_purchase')
    const { previous_marketplace_purchase: previous } = payload
    const past = { changed: () => (isObject(previous) ? purchased(previous) : undefined) }
    const id = String(at(own, 'account').id)
    return told(purchase, payload, purchased(own), { id, born: ['purchased'], gone: ['cancelled'], past })
  },
  installation: (payload: Json) => told(installation, payload, at(payload, 'installation')),
  installation_repositories: (payload: Json) =>
    told(installation, payload, at(payload, 'installation'), { action: `repositories_${payload.action}` }),
  github_app_authorization: (payload: Json) =>
    told(authorization, payload, payload, { id: String(at(payload, 'sender').id), gone: ['revoked'] }),
  meta: (payload: Json) => told(hook, payload, at(payload, 'hook'), { id: String(payload.hook_id) }),
  ping: (payload: Json) => told(hook, payload, at(payload, 'hook'), { id: String(payload.hook_id), action: 'pinged' }),
}

const inRepositoryOrNone = ({ repository: of }: Json): Json => ({ repositoryId: isObject(of) ? of.id : null })
