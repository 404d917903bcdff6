import { RecordcastError } from '../errors/errors.js'
import { parse } from '../language/parse.js'

/*
Which names of a record are sensitive, as a tree that is walked name by name. A path such as `author.mail` makes all that lies below `author.mail` sensitive, through
lists as well. Where links lead to other record types, what those call sensitive counts too; such a tree has no end (a user's manager is a user), so it grows as it is walked.
*/

/** What is known of a place in a record. */
export interface Sensitivity {
  /** Everything here and below is sensitive. */
  readonly whole: boolean
  /** What is known of a name below; undefined: nothing there is sensitive. */
  below(name: string): Sensitivity | undefined
}

/** A record type as far as it says what is sensitive; what a source announces of a record type is one. */
export interface SensitiveRecord {
  readonly name: string
  readonly sensitive?: readonly string[] | undefined
  /** Link to record type. */
  readonly targets?: Readonly<Record<string, string>> | undefined
}

const everything: Sensitivity = { whole: true, below: () => everything }

/**
 * Splits a sensitive path into its names; `[]` behind a name is passed over, as a path goes through lists in any case.
 *
 * @throws RecordcastError with the codes of compileAttribute, for what is no plain path from the record on
 */
export function sensitiveNames(path: string): readonly string[] {
  const { alternatives, literal } = parse(path)
  const [access] = alternatives
  const plain = alternatives.length === 1 && literal === undefined && access?.root === ''
  if (plain && access.tail === undefined && access.scalar === undefined) return access.steps.map(({ name }) => name)
  throw new RecordcastError('expression-syntax', `"${path}" is no plain path.`, {
    found: path,
    expected: 'names with dots between, such as author.mail',
  })
}

/** The tree of some paths. A path that cannot be read hides everything: a newer release may have written it. */
export function sensitivityOf(paths: readonly string[]): Sensitivity | undefined {
  return treeOf(listsOf(paths), [], new Map())
}

/** The tree of a record type among all that are known, those included to which its links lead. */
export function sensitivityOfRecord(record: string, known: readonly SensitiveRecord[]): Sensitivity | undefined {
  const records = new Map<string, Known>()
  for (const { name, sensitive = [], targets = {} } of known) {
    const before = records.get(name)
    // Several sources or instances may announce a record type: what one of them calls sensitive is.
    const paths = [...(before?.paths ?? []), ...listsOf(sensitive)]
    records.set(name, { paths, targets: new Map([...(before?.targets ?? []), ...Object.entries(targets)]) })
  }
  return treeOf([], [record], records)
}

interface Known {
  readonly paths: readonly (readonly string[])[]
  readonly targets: ReadonlyMap<string, string>
}

/** Paths as names; an empty one hides everything. */
function listsOf(paths: readonly string[]): (readonly string[])[] {
  return paths.map((path) => {
    try {
      return sensitiveNames(path)
    } catch {
      return []
    }
  })
}

/** The place that these paths lead on from, and at which records of these types stand. */
function treeOf(
  paths: readonly (readonly string[])[],
  types: readonly string[],
  records: ReadonlyMap<string, Known>,
): Sensitivity | undefined {
  const here = types.flatMap((type) => records.get(type) ?? [])
  const all = [...paths, ...here.flatMap((record) => record.paths)]
  if (all.some((path) => path.length === 0)) return everything
  if (all.length === 0 && here.length === 0) return undefined
  const known = new Map<string, Sensitivity | undefined>()
  return {
    whole: false,
    below(name) {
      if (!known.has(name)) {
        const further = all.flatMap(([first, ...rest]) => (first === name ? [rest] : []))
        const targets = here.flatMap(({ targets }) => targets.get(name) ?? [])
        known.set(name, treeOf(further, targets, records))
      }
      return known.get(name)
    },
  }
}
