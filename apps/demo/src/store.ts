import { isObject, type Json } from './json.js'
import type { Payload } from './payloads.js'

/** Finds records by id, in the order of the ids; undefined for one that is not there. */
export type Table = (ids: readonly string[]) => Promise<readonly (Json | undefined)[]>

/** Where the forge keeps repositories and accounts: as far away as a database, a table a kind of record. */
export interface Store {
  readonly repositories: Table
  readonly accounts: Table
  /** Puts a repository or an account in the place of what is known of it. */
  save(table: 'repositories' | 'accounts', record: Json): void
  /** How often it was called, and for how many records. */
  stats(): { readonly calls: number; readonly records: number }
}

/** A store that answers after about a millisecond, filled with every repository and account that the payloads mention. */
export function createStore(payloads: readonly Payload[], answerAfterMs = 1): Store {
  const tables = { repositories: new Map<string, Json>(), accounts: new Map<string, Json>() }
  const counts = { calls: 0, records: 0 }
  const save = (table: keyof typeof tables, record: Json): void => {
    tables[table].set(String(record.id), record)
  }
  const find =
    (table: ReadonlyMap<string, Json>): Table =>
    async (ids) => {
      counts.calls++
      counts.records += ids.length
      await new Promise((resolve) => setTimeout(resolve, answerAfterMs))
      return ids.map((id) => table.get(id))
    }
  for (const { body } of payloads) fill(body, save)
  return {
    repositories: find(tables.repositories),
    accounts: find(tables.accounts),
    save,
    stats: () => ({ ...counts }),
  }
}

/** Walks a payload and saves what looks like a repository or an account, wherever it stands. */
function fill(value: unknown, save: Store['save']): void {
  if (Array.isArray(value)) {
    for (const each of value) fill(each, save)
    return
  }
  if (!isObject(value)) return
  const { id, login, owner } = value
  if (typeof id === 'number' && typeof login === 'string') {
    save('accounts', { id, login, type: typeof value.type === 'string' ? value.type : 'Organization' })
  }
  if (typeof value.full_name === 'string' && typeof value.default_branch === 'string' && isObject(owner)) {
    const { name, full_name, private: isPrivate, description, default_branch, language } = value
    save('repositories', {
      id,
      name,
      full_name,
      private: isPrivate,
      description,
      default_branch,
      language,
      ownerId: owner.id,
    })
  }
  for (const each of Object.values(value)) fill(each, save)
}
