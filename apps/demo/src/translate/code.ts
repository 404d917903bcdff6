import { at, type Json, list, object, text } from '../json.js'
import {
  branchProtection,
  deployKey,
  mergeGroup,
  push,
  ref,
  registryPackage,
  release,
  wikiPage,
} from '../records/code.js'
import { told } from './told.js'

const inRepository = (payload: Json, rest: string): string => `${at(payload, 'repository').id}/${rest}`
const born = { action: 'created' }

/** A branch or a tag that came or went. */
const refTold = (action: 'created' | 'deleted') => (payload: Json) =>
  told(ref, payload, payload, {
    id: inRepository(payload, `${text(payload, 'ref_type')}/${text(payload, 'ref')}`),
    action,
  })

/** Webhooks about what is in the repository. */
export const code = {
  push: (payload: Json) =>
    told(push, payload, payload, {
      ...born,
      id: inRepository(payload, `${text(payload, 'ref')}@${text(payload, 'after')}`),
    }),
  create: refTold('created'),
  delete: refTold('deleted'),
  merge_group: (payload: Json) => {
    const group = at(payload, 'merge_group')
    return told(mergeGroup, payload, group, { id: inRepository(payload, text(group, 'head_sha')) })
  },
  /** One webhook for several pages, each with an action of its own. */
  gollum: (payload: Json) =>
    list(payload.pages).map((each) => {
      const page = object(each, 'page')
      return told(wikiPage, payload, page, {
        id: inRepository(payload, text(page, 'page_name')),
        action: text(page, 'action'),
      })
    }),
  branch_protection_rule: (payload: Json) => told(branchProtection, payload, at(payload, 'rule')),
  release: (payload: Json) => told(release, payload, at(payload, 'release')),
  package: (payload: Json) => told(registryPackage, payload, at(payload, 'package')),
  deploy_key: (payload: Json) => told(deployKey, payload, at(payload, 'key')),
}
