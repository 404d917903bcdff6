import { type Broker, createSource } from 'recordcast'
import * as code from './records/code.js'
import * as linked from './records/linked.js'
import { linkNames } from './records/linked.js'
import * as people from './records/people.js'
import * as runs from './records/runs.js'
import * as security from './records/security.js'
import * as work from './records/work.js'
import type { Records, RecordType, Source } from './sdk.js'
import type { Store } from './store.js'
import { describes } from './translate/image.js'

type Links = NonNullable<Records[number]['links']>

const { account, repository } = linked
const recordTypes: readonly RecordType[] = [
  account,
  repository,
  ...[work, code, runs, security, people].flatMap((room) => Object.values<RecordType>(room)),
]

/** The source: a service that owns every record type of the demo and finds what they link to in its store. */
export function createForge(broker: Broker, store: Store): Source {
  return createSource({
    service: 'forge',
    broker,
    records: recordTypes.map((type) => ({ type, links: linksOf(type, store) })),
  })
}

/** A schema that describes a `sender` has the facts carry a `senderId`; what is behind it is loaded when somebody asks. */
function linksOf(type: RecordType, store: Store): Links {
  const cache = { max: 1000, ttlMs: 60_000 }
  const names = [...linkNames].filter((name) => describes(type, name))
  return Object.fromEntries(
    names.map((name) => {
      const [target, load] = name === 'repository' ? [repository, store.repositories] : [account, store.accounts]
      return [name, { type: target, key: (facts) => facts[`${name}Id`], load, cache } satisfies Links[string]]
    }),
  )
}
