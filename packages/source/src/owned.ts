import { RecordcastError } from '@recordcast/protocol'
import type { Sensitivity } from '@recordcast/protocol/masking'
import type { JsonObject } from '@recordcast/protocol/names'
import type { Clock } from '@recordcast/transport'
import { createLoader, type Loader, type LoaderCall } from './loader.js'
import type { LinkOptions, RecordOptions } from './options.js'
import { createRecordCache, type RecordCache } from './record-cache.js'
import { checkSensitive, sensitivityAmong } from './sensitive.js'

/** A record type of this source, its links ready to be followed. */
export interface OwnedRecord {
  readonly name: string
  readonly options: RecordOptions
  readonly schema: JsonObject | undefined
  readonly links: ReadonlyMap<string, Link>
  readonly linkNames: ReadonlySet<string>
  /** What operators must not see of it; undefined: nothing is hidden. */
  readonly sensitive: Sensitivity | undefined
  /** The record's own loader, for completing events. */
  readonly loader: Loader | undefined
}

export interface Link {
  readonly name: string
  readonly key: LinkOptions['key']
  readonly loader: Loader
  /** The linked record's type, where it was named. */
  readonly target: string | undefined
}

export interface OwnedRecords {
  get(name: string): OwnedRecord | undefined
  readonly names: readonly string[]
  readonly loaders: readonly Loader[]
  /** A record has changed: caches that hold it forget it. */
  forget(record: string, tenant: string | undefined, key: string): void
}

/** Checks the record options and makes their loaders. `wanted(record, link)` gives the names that subscriptions want of a link now. */
export function createOwnedRecords(
  records: readonly RecordOptions[],
  clock: Clock,
  wanted: (record: string, link: string | undefined) => readonly string[],
  onCall?: (call: LoaderCall) => void,
): OwnedRecords {
  const owned = new Map<string, OwnedRecord>()
  const loaders: Loader[] = []
  const caches = new Map<string, RecordCache[]>()
  const newCache = (type: string | undefined, bounds: LinkOptions['cache']): RecordCache => {
    const cache = createRecordCache(bounds, clock)
    if (type !== undefined) caches.set(type, [...(caches.get(type) ?? []), cache])
    return cache
  }
  // Links to one record type through one `load` are one loader with one cache, whichever records they start from.
  const shared: { readonly of: LinkOptions; readonly places: [string, string][]; readonly loader: Loader }[] = []
  const loaderFor = (record: string, link: string, of: LinkOptions): Loader => {
    const same =
      of.type && shared.find((each) => each.of.load === of.load && each.of.type === of.type && sameBounds(each.of, of))
    if (same !== undefined) {
      same.places.push([record, link])
      return same.loader
    }
    const places: [string, string][] = [[record, link]]
    const wantedHere = (): readonly string[] => [...new Set(places.flatMap((place) => wanted(...place)))].sort()
    const cache = newCache(of.type?.name, of.cache)
    const name = (): string => places.map((place) => place.join('.')).join(', ')
    const loader = createLoader({ name, options: of, clock, cache, wanted: wantedHere, onCall })
    shared.push({ of, places, loader })
    loaders.push(loader)
    return loader
  }
  for (const [index, options] of records.entries()) {
    const name = options.type?.name
    if (typeof name !== 'string')
      throw invalid(`/records/${index}/type`, options.type, 'a record type made by defineRecord')
    if (owned.has(name)) throw invalid(`/records/${index}/type`, name, 'a record type that is not listed already')
    const links = new Map<string, Link>()
    for (const [link, of] of Object.entries(options.links ?? {})) {
      checkLink(`/records/${index}/links/${link}`, of)
      links.set(link, { name: link, key: of.key, loader: loaderFor(name, link, of), target: of.type?.name })
    }
    let loader: Loader | undefined
    if (options.load !== undefined) {
      const cache = newCache(name, undefined)
      loader = createLoader({
        name: () => name,
        options: { load: options.load },
        clock,
        cache,
        wanted: () => wanted(name, undefined),
        onCall,
      })
      loaders.push(loader)
    }
    const schema = options.type.jsonSchema
    owned.set(name, { name, options, schema, links, linkNames: new Set(links.keys()), sensitive: undefined, loader })
  }
  const all: OwnedRecords = {
    get: (name) => owned.get(name),
    names: [...owned.keys()],
    loaders,
    forget(record, tenant, key) {
      const holding = caches.get(record)
      if (holding !== undefined) for (const cache of holding) cache.forget(tenant, key)
    },
  }
  checkSensitive(all)
  for (const [name, record] of owned) owned.set(name, { ...record, sensitive: sensitivityAmong(all, name) })
  return all
}

function sameBounds(a: LinkOptions, b: LinkOptions): boolean {
  const bounds = ({ cache, timeoutMs, maxBatch, concurrency }: LinkOptions) =>
    JSON.stringify([cache?.max, cache?.ttlMs, timeoutMs, maxBatch, concurrency])
  return bounds(a) === bounds(b)
}

function checkLink(path: string, link: LinkOptions): void {
  if (typeof link?.key !== 'function') throw invalid(`${path}/key`, link?.key, 'a function from facts to the key')
  if (typeof link.load !== 'function') throw invalid(`${path}/load`, link.load, 'a function from keys to records')
  const atLeastOne = (name: string, value: number | undefined): void => {
    if (value === undefined || (Number.isFinite(value) && value >= 1)) return
    throw invalid(`${path}/${name}`, value, 'a number of at least 1')
  }
  atLeastOne('timeoutMs', link.timeoutMs)
  atLeastOne('maxBatch', link.maxBatch)
  atLeastOne('concurrency', link.concurrency)
  if (link.cache !== undefined) {
    atLeastOne('cache/max', link.cache.max ?? Number.NaN)
    atLeastOne('cache/ttlMs', link.cache.ttlMs ?? Number.NaN)
  }
}

function invalid(path: string, found: unknown, expected: string): RecordcastError {
  return new RecordcastError('invalid-options', `createSource: ${path} must be ${expected}`, { path, found, expected })
}
