import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { RecordcastError } from './errors/errors.js'
import { isJsonObject, type JsonObject } from './names/json.js'

/** The shape of a record as it travels: the input type of its schema, because facts are checked, never transformed. */
export type RecordShape<Schema extends StandardSchemaV1> =
  StandardSchemaV1.InferInput<Schema> extends infer Shape ? (Shape extends object ? Shape : never) : never

/**
 * One thing that happens to records of one type. `Shape` is the record's, carried for inference only.
 * `kind` is 'created', 'changed', 'deleted' or a custom one.
 */
export interface EventType<Shape extends object = object, Kind extends string = string> {
  /** `record.kind`, as on the wire: "issue.changed". */
  readonly name: string
  readonly kind: Kind
  readonly record: RecordDefinition<Shape>
}

/** A record type that a source owns and listeners subscribe to. Made by `defineRecord`. */
export interface RecordDefinition<Shape extends object = object> {
  readonly name: string
  readonly schema: StandardSchemaV1<Shape>
  /** The schema as JSON Schema 2020-12 where the schema library can tell; undefined leaves every attribute open. */
  readonly jsonSchema: JsonObject | undefined
  readonly created: EventType<Shape, 'created'>
  readonly changed: EventType<Shape, 'changed'>
  readonly deleted: EventType<Shape, 'deleted'>
  /** A custom event of this record: `issue.event('status-changed')` is "issue.status-changed". */
  event<const Kind extends string>(kind: Kind): EventType<Shape, Kind>
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/
const nameRule = 'a letter or digit followed by up to 63 letters, digits, "_" or "-"'

function checkTypeName(what: string, value: unknown): asserts value is string {
  if (typeof value === 'string' && namePattern.test(value)) return
  throw new RecordcastError('invalid-options', `The ${what} must be ${nameRule}`, { found: value, expected: nameRule })
}

/**
 * Names a record type and its schema.
 *
 * @param name a letter or digit, then up to 63 letters, digits, "_" or "-"
 * @param schema any Standard Schema (zod, valibot, arktype, …) of an object, see https://standardschema.dev
 * @throws RecordcastError invalid-options
 * @example const issue = defineRecord('issue', z.object({ title: z.string(), author: z.object({ login: z.string() }) }))
 */
export function defineRecord<Schema extends StandardSchemaV1<object>>(
  name: string,
  schema: Schema,
): RecordDefinition<RecordShape<Schema>> {
  type Shape = RecordShape<Schema>
  checkTypeName('name of a record type', name)
  const standard: unknown = (schema as Partial<Schema> | undefined)?.['~standard']
  if (typeof standard !== 'object' || standard === null || typeof Object(standard).validate !== 'function') {
    throw new RecordcastError('invalid-options', `The schema of record type "${name}" is no Standard Schema`, {
      found: schema,
      expected: 'a schema of zod, valibot, arktype or another library that implements standardschema.dev',
    })
  }
  const event = <const Kind extends string>(kind: Kind): EventType<Shape, Kind> => {
    checkTypeName(`kind of an event of "${name}"`, kind)
    return Object.freeze({ name: `${name}.${kind}`, kind, record: definition })
  }
  const definition: RecordDefinition<Shape> = {
    name,
    schema: schema as unknown as StandardSchemaV1<Shape>,
    jsonSchema: jsonSchemaOf(schema),
    get created() {
      return created
    },
    get changed() {
      return changed
    },
    get deleted() {
      return deleted
    },
    event,
  }
  const created = event('created')
  const changed = event('changed')
  const deleted = event('deleted')
  return Object.freeze(definition)
}

/** Splits "issue.status-changed" into its record type and kind; undefined when it is no event type. */
export function splitEventType(name: string): { readonly record: string; readonly kind: string } | undefined {
  const dot = name.indexOf('.')
  const record = name.slice(0, dot)
  const kind = name.slice(dot + 1)
  return dot > 0 && namePattern.test(record) && namePattern.test(kind) ? { record, kind } : undefined
}

/**
 * Through https://standardschema.dev/json-schema where the library has it; what cannot be told stays open. A copy as JSON,
 * because it is announced: what is no JSON, such as a cycle, cannot be told either.
 */
function jsonSchemaOf(schema: StandardSchemaV1): JsonObject | undefined {
  const standard = schema['~standard'] as Partial<StandardJSONSchemaV1.Props>
  try {
    const told: unknown = standard.jsonSchema?.input({
      target: 'draft-2020-12',
      libraryOptions: { unrepresentable: 'any' },
    })
    const json: unknown = JSON.parse(JSON.stringify(told))
    return isJsonObject(json) ? json : undefined
  } catch {
    return undefined
  }
}
