import { type Atom, Unavailable } from '@recordcast/protocol/language'
import type { ControlAnswer } from '@recordcast/protocol/requests'
import type { Emitted } from './emitted.js'
import type { Entry } from './entry.js'
import { shortened } from './fitting.js'
import type { Following } from './follow.js'
import type { Loader } from './loader.js'
import { loadedImages } from './match.js'
import type { Link, OwnedRecord, OwnedRecords } from './owned.js'

type Told = NonNullable<Extract<ControlAnswer, { kind: 'explain' }>['attributes']>[number]

/** Of one reason: there may be a thousand. */
const longestMessage = 256

/** Where each attribute of a subscription comes from. They are followed side by side, so what several need is loaded once. */
export function explainAttributes({ atoms }: Entry, emitted: Emitted, following: Following): Promise<Told[]> {
  return Promise.all(atoms.map((atom) => explainAttribute(atom, emitted, following)))
}

async function explainAttribute(atom: Atom, emitted: Emitted, { owned, tenant }: Following): Promise<Told> {
  const loads = new Set<'loaded' | 'cached'>()
  const watched = watching(owned, (how) => loads.add(how))
  const own = watched.get(emitted.record.name) ?? emitted.record
  const trees = {
    after: atom.root === '' ? [atom.names] : [],
    before: atom.root === '$before' ? [atom.names] : [],
  }
  const { root, before: image } = emitted
  const images = await loadedImages({ root, before: image, record: own }, [{ trees }], { owned: watched, tenant })
  const { after, before } = images
  const value = atom.read(after, { ...(before && { before }), changed: emitted.changed })
  const from = loads.has('loaded') ? 'loaded' : loads.has('cached') ? 'cached' : 'fact'
  if (!(value instanceof Unavailable)) return { path: atom.text, from }
  const { code, message } = value
  return { path: atom.text, from: 'failed', problem: { code, message: shortened(message, longestMessage) } }
}

/** The same records, with someone told of each load whether the cache had it. */
function watching(owned: OwnedRecords, seen: (how: 'loaded' | 'cached') => void): OwnedRecords {
  const watchLoader = (loader: Loader): Loader => ({
    stats: () => loader.stats(),
    load(key, tenant, attributes) {
      const loaded = loader.load(key, tenant, attributes)
      seen(loaded instanceof Promise ? 'loaded' : 'cached')
      return loaded
    },
  })
  const watchLink = (link: Link): Link => ({ ...link, loader: watchLoader(link.loader) })
  const known = new Map<string, OwnedRecord>()
  return {
    ...owned,
    get(name) {
      const before = known.get(name)
      const record = before ?? owned.get(name)
      if (before !== undefined || record === undefined) return record
      const links = new Map([...record.links].map(([each, link]) => [each, watchLink(link)]))
      const made = { ...record, links }
      known.set(name, made)
      return made
    },
  }
}
