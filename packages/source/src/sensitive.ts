import { RecordcastError } from '@recordcast/protocol'
import { type Sensitivity, sensitiveNames, sensitivityOfRecord } from '@recordcast/protocol/masking'
import { fieldTrees, verifyNames } from '@recordcast/protocol/schema'
import type { OwnedRecords } from './owned.js'

const most = 1024

/** What is sensitive of a record of this source, behind links too, wherever the linked type is this source's own. */
export function sensitivityAmong(owned: OwnedRecords, record: string): Sensitivity | undefined {
  const known = owned.names.map((name) => {
    const { options, links } = owned.get(name)!
    const targets = [...links.values()].flatMap((link) => (link.target === undefined ? [] : [[link.name, link.target]]))
    return { name, sensitive: options.sensitive, targets: Object.fromEntries(targets) }
  })
  return sensitivityOfRecord(record, known)
}

/** Checks the sensitive paths of all records: a misspelt one would hide nothing. @throws RecordcastError invalid-options */
export function checkSensitive(owned: OwnedRecords): void {
  for (const [index, name] of owned.names.entries()) {
    const record = owned.get(name)!
    const list: unknown = record.options.sensitive
    if (list === undefined) continue
    const at = `/records/${index}/sensitive`
    if (!Array.isArray(list) || list.length > most) throw invalid(at, list, `a list of at most ${most} paths`)
    for (const [place, path] of list.entries()) {
      const where = `${at}/${place}`
      const [tree] = fieldTrees([namesOf(path, where)]).after
      const [reason] = tree === undefined ? [] : verifyNames(tree, record, owned, where)
      if (reason === undefined) continue
      const expected = 'the path of an attribute that exists'
      throw new RecordcastError('invalid-options', `createSource: ${where}: ${reason.message}`, {
        ...{ path: where, found: path, expected },
        ...(reason.nearest && { nearest: reason.nearest }),
      })
    }
  }
}

function namesOf(path: unknown, where: string): readonly string[] {
  const expected = 'names with dots between, such as author.mail'
  if (typeof path !== 'string') throw invalid(where, path, expected)
  try {
    return sensitiveNames(path)
  } catch {
    throw invalid(where, path, expected)
  }
}

function invalid(path: string, found: unknown, expected: string): RecordcastError {
  return new RecordcastError('invalid-options', `createSource: ${path} must be ${expected}`, { path, found, expected })
}
