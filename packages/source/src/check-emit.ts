import { type EventType, RecordcastError } from '@recordcast/protocol'
import { describe } from '@recordcast/protocol/errors'
import { isJsonObject } from '@recordcast/protocol/names'
import type { EmitOptions, Facts, SourceOptions } from './options.js'

/** An emit whose form has been checked; the images are still the caller's own objects. */
export interface CheckedEmit {
  readonly subject: string
  readonly before: Facts | undefined
  readonly after: Facts | undefined
}

/** Checks the form of an emit: id, images, options. @throws RecordcastError invalid-event with the path */
export function checkEmit(
  type: EventType,
  facts: unknown,
  options: EmitOptions,
  tenancy: SourceOptions['tenancy'],
): CheckedEmit {
  if (!isJsonObject(facts)) throw invalid(type, '', facts, 'an object with id and the images of the record')
  const { id } = facts
  if (typeof id !== 'string' || id === '' || id.length > 512)
    throw invalid(type, '/id', id, 'a text of 1 to 512 characters')
  if (options !== noOptions || tenancy === 'required') checkOptions(type, options, tenancy)
  switch (type.kind) {
    case 'created':
      return { subject: id, before: undefined, after: image(type, facts, 'after', true) }
    case 'changed':
      return { subject: id, before: image(type, facts, 'before', false), after: image(type, facts, 'after', true) }
    case 'deleted':
      return { subject: id, before: image(type, facts, 'before', true), after: undefined }
    default:
      if (
        isJsonObject(facts.after) &&
        Object.keys(facts).every((key) => key === 'id' || key === 'before' || key === 'after')
      ) {
        return { subject: id, before: image(type, facts, 'before', false), after: facts.after }
      }
      return { subject: id, before: undefined, after: facts }
  }
}

/** What an emit without options has. */
export const noOptions: EmitOptions = Object.freeze({})

function image(type: EventType, facts: Facts, name: 'before' | 'after', needed: boolean): Facts | undefined {
  const value = facts[name]
  if (value === undefined && !needed) return undefined
  if (!isJsonObject(value)) throw invalid(type, `/${name}`, value, 'an object: the record at that moment')
  return value
}

function checkOptions(type: EventType, options: EmitOptions, tenancy: SourceOptions['tenancy']): void {
  const text = (name: 'tenant' | 'id' | 'user' | 'traceparent', longest: number): void => {
    const value: unknown = options[name]
    if (value === undefined) return
    if (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > longest) {
      throw invalid(type, `/options/${name}`, value, `a text of 1 to ${longest} bytes`)
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    if (/[\u0000-\u001f\u007f]/.test(value)) throw invalid(type, `/options/${name}`, value, 'no control characters')
  }
  text('tenant', 160)
  text('id', 160)
  text('user', 512)
  text('traceparent', 128)
  if (tenancy === 'required' && options.tenant === undefined) {
    throw invalid(
      type,
      '/options/tenant',
      undefined,
      "a tenant, because this source was created with tenancy: 'required'",
    )
  }
  const audience: unknown = options.audience
  const known = audience === undefined || audience === 'service' || audience === 'tenant'
  if (known || (Array.isArray(audience) && audience.every((user) => typeof user === 'string'))) return
  throw invalid(type, '/options/audience', audience, '"service", "tenant" or a list of user ids')
}

function invalid(type: EventType, path: string, found: unknown, expected: string): RecordcastError {
  const what = found === undefined ? 'is missing' : 'is wrong'
  const shown = found === undefined ? '' : `, found ${describe(found)}`
  const sentence = `${type.name}: ${path === '' ? 'the facts are wrong' : `${path} ${what}`}; expected ${expected}${shown}`
  return new RecordcastError('invalid-event', sentence, { path, expected, ...(found !== undefined && { found }) })
}
