import { fieldTrees, type RecordNames, verifyNames } from '@recordcast/protocol/schema'
import { type Declared, declaredIn } from './board/declared.js'
import { isWithin } from './board/places.js'
import type { Read } from './board/reads.js'
import type { Records } from './board/records.js'

export interface Consequence {
  /** Whether the subscription will be refused. */
  readonly breaks: boolean
  readonly path: string
  readonly message: string
  readonly nearest?: string[]
}

type Judge = (path: readonly string[], read: Read) => Consequence | undefined

/** What comes of removing paths, for one read. */
export function judgeRemoval(removed: readonly (readonly string[])[]): Judge {
  return (path, { whole }) => {
    for (const gone of removed) {
      const name = gone.join('.')
      if (isWithin(path, gone)) return { breaks: true, path: name, message: `reads "${path.join('.')}", which goes` }
      if (whole && isWithin(gone, path)) {
        return { breaks: false, path: name, message: `reads ${shown(path)} whole, which will lack "${name}"` }
      }
    }
    return undefined
  }
}

/** What comes of another schema, for one read. */
export function judgeSchema(records: Records, before: RecordNames, after: RecordNames): Judge {
  const declared = { before: indexOf(before), after: indexOf(after) }
  const missing = (path: readonly string[], names: RecordNames) => {
    const [tree] = fieldTrees([path]).after
    return tree === undefined ? undefined : verifyNames(tree, names, records.names, path.join('.'))[0]
  }
  return oncePerPath((path, { whole }) => {
    const name = path.join('.')
    const problem = path.length === 0 ? undefined : missing(path, after)
    if (problem !== undefined && missing(path, before) === undefined) {
      const { message, nearest } = problem
      return { breaks: true, path: name, message, ...(nearest && { nearest: [...nearest] }) }
    }
    if (problem !== undefined) return undefined
    const was = declared.before.get(name)?.types ?? []
    const becomes = declared.after.get(name)?.types ?? []
    if (was.length > 0 && becomes.length > 0 && was.join() !== becomes.join()) {
      return {
        breaks: false,
        path: name,
        message: `reads "${name}", which was ${was.join(' or ')} and becomes ${becomes.join(' or ')}`,
      }
    }
    if (!whole) return undefined
    const lost = [...declared.before].filter(
      ([each, { path: own }]) => isWithin(own, path) && own.length > path.length && !declared.after.has(each),
    )
    if (lost.length === 0 || missing([...path, '\u0000'], after) === undefined) return undefined
    const lacking = lost
      .slice(0, 8)
      .map(([each]) => `"${each}"`)
      .join(', ')
    return { breaks: false, path: name, message: `reads ${shown(path)} whole, which will lack ${lacking}` }
  })
}

/** Thousands of listeners read the same few paths. */
function oncePerPath(judge: Judge): Judge {
  const known = new Map<string, Consequence | undefined>()
  return (path, read) => {
    const key = `${read.whole} ${JSON.stringify(path)}`
    if (!known.has(key)) known.set(key, judge(path, read))
    return known.get(key)
  }
}

const indexOf = ({ schema }: RecordNames): ReadonlyMap<string, Declared> =>
  new Map(declaredIn(schema).map((each) => [each.path.join('.'), each]))

const shown = (path: readonly string[]): string => (path.length === 0 ? 'the record' : `"${path.join('.')}"`)
