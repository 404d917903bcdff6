import { prune } from '@recordcast/matcher'
import { RecordcastError, splitEventType } from '@recordcast/protocol'
import { toProblem } from '@recordcast/protocol/errors'
import { type Atom, compileAtom, Unavailable } from '@recordcast/protocol/language'
import type { JsonObject } from '@recordcast/protocol/names'
import type { ControlAnswer, ControlRequest } from '@recordcast/protocol/requests'
import { fieldTrees } from '@recordcast/protocol/schema'
import type { Clock } from '@recordcast/transport'
import { noOptions } from './check-emit.js'
import { Emitted } from './emitted.js'
import type { Following } from './follow.js'
import { filterView, isUnavailable, loadedImages } from './match.js'
import type { OwnedRecord, OwnedRecords } from './owned.js'
import { encodeAtom } from './project.js'
import type { Recent } from './recent.js'

type Request = Extract<ControlRequest, { kind: 'complete' }>
type Answer = Extract<ControlAnswer, { kind: 'complete' }>

/*
Tells a listener what an event lacked when it was published. The event's own facts come from memory if this instance published it a short while ago; else the record is
loaded as it is now by its type's own `load`, and the answer says so. Without either only the failure can be told, and the listener tries again later or parks.

The record as it is now tells nothing of the change: what reads `$before` or `$changed` fails then, and so does a filter, for a filter decided on a later state would let
an event go that this one should have, or hand over one that it should not.
*/
export async function complete(
  request: Request,
  owned: OwnedRecords,
  recent: Recent,
  source: string,
  clock: Clock,
): Promise<Answer> {
  const type = splitEventType(request.type)
  const record = type && owned.get(type.record)
  if (type === undefined || record === undefined) {
    throw new RecordcastError('unknown-record-type', `This source does not own the record of ${request.type}`)
  }
  const following: Following = { owned, tenant: request.tenant }
  const known = recent.get(request.event)
  const remembered =
    known?.subject === request.subject && known.type === request.type && known.tenant === request.tenant
  const emitted = remembered ? known : await reload(request, type.kind, record, source, clock)
  const failed: Answer['failed'] = []
  const forgotten = (path: string): void => {
    const message = 'The event is no longer remembered here, and the record as it is now does not tell'
    failed.push({ path, code: 'attribute-missing', message })
  }
  const atoms: Atom[] = []
  for (const text of request.attributes) {
    try {
      const atom = compileAtom(text)
      if (remembered || (atom.root !== '$before' && atom.root !== '$changed')) atoms.push(atom)
      else forgotten(text)
    } catch (error) {
      const { code, message } = toProblem(error)
      failed.push({ path: text, code, message: message.slice(0, 2048) })
    }
  }
  const byRoot = (root: Atom['root']) => atoms.filter((atom) => atom.root === root).map(({ names }) => names)
  if (request.filter !== undefined && !remembered) forgotten('$filter')
  const paths = remembered ? request.filter : undefined
  const filter = paths && { trees: fieldTrees(paths) }
  const wanted = [{ trees: { after: byRoot(''), before: byRoot('$before') } }, ...(filter ? [filter] : [])]
  const { after, before } = await loadedImages(emitted, wanted, following)
  const context = { ...(before && { before }), changed: emitted.changed }
  const values: [string, unknown][] = []
  for (const atom of atoms) {
    const json = encodeAtom(atom, after, context)
    if (json instanceof Unavailable) failed.push({ path: atom.text, code: json.code, message: json.message })
    else values.push([atom.text, JSON.parse(json)])
  }
  let view: JsonObject | undefined
  if (filter !== undefined && paths !== undefined) {
    view = prune(filterView(emitted, after, before, [filter]), paths) as JsonObject
    if (paths.some((path) => isUnavailable(path, after, before))) {
      failed.push({
        path: '$filter',
        code: 'loader-failed',
        message: 'A link that the filter reads could not be loaded',
      })
    }
  }
  return {
    v: 1,
    kind: 'complete',
    remembered,
    values: Object.fromEntries(values),
    failed,
    ...(view && { filter: view }),
  }
}

async function reload(
  request: Request,
  kind: string,
  record: OwnedRecord,
  source: string,
  clock: Clock,
): Promise<Emitted> {
  const { event: id, type, subject, tenant } = request
  const loaded = await record.loader?.load(subject, tenant, [])
  if (loaded === undefined || loaded === null || loaded instanceof Unavailable) {
    const why =
      loaded instanceof Unavailable
        ? loaded.message
        : loaded === null
          ? 'the record is gone'
          : 'its record type has no load'
    throw new RecordcastError('attribute-missing', `Event ${id} is no longer remembered here, and ${why}`)
  }
  const eventType = { name: type, kind, record: record.options.type }
  const checked = { subject, before: undefined, after: undefined }
  const images = { before: undefined, after: loaded }
  const options = tenant === undefined ? noOptions : { tenant }
  return new Emitted(eventType, record, checked, images, options, { id, now: clock.now(), source })
}
