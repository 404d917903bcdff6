import type { AccessNode, ExpressionNode, FieldNode, StepNode } from './parse.js'
import type { IsWrong, Wrong } from './scan.js'

/*
What reading a tree gives, as a type. `At` is the type of the value on which the path stands: the record, or in a tail
the object around it. Between steps it holds no lists: a step takes the first element, or with [] any element, and
remembers that the whole is a list. Absent is null, never undefined.
*/

/** The event's own fields, as `$event` reads them. */
export interface EventFields {
  readonly id: string
  /** ISO 8601, UTC. */
  readonly time: string
  readonly type: string
  readonly source: string
  readonly tenant: string | null
  /** The record's id. */
  readonly record: string
  readonly user: string | null
  readonly attempt: number
}

/** @typeParam Root the record's type. */
export type ReadExpression<Root, At, Node> =
  Node extends ExpressionNode<infer Alternatives, infer Literal>
    ? ReadAlternatives<Root, At, Alternatives, Literal>
    : Node

type ReadAlternatives<Root, At, Alternatives, Literal> = Alternatives extends [infer Access, ...infer More]
  ? OrElse<
      ReadAccess<Root, At, Access>,
      More extends [] ? (Literal extends [infer Value] ? Value : null) : ReadAlternatives<Root, At, More, Literal>
    >
  : never

type OrElse<Value, Other> =
  IsWrong<Value> extends true
    ? Value
    : IsWrong<Other> extends true
      ? Other
      : null extends Value
        ? Exclude<Value, null> | Other
        : Value

type ReadAccess<Root, At, Node> =
  Node extends AccessNode<infer From, infer Steps, infer Tail, infer Conversion>
    ? From extends '$changed'
      ? Finish<
          Root,
          Steps extends [['$changed', true]] ? [string, true] : [string | null, false],
          undefined,
          Conversion
        >
      : Finish<Root, Walk<Start<Root, At, From>, Steps>, Tail, Conversion>
    : never

type Start<Root, At, From> = From extends '$before' ? Root | null : From extends '$event' ? EventFields : At

/** `[value, whether it is a list]`. */
type Walk<At, Steps, List extends boolean = false, Way extends string = ''> = Steps extends [
  readonly [infer Name extends string, infer Brackets extends boolean],
  ...infer More extends readonly StepNode[],
]
  ? Property<At, Name, Way> extends infer Found
    ? IsWrong<Found> extends true
      ? Found
      : Walk<
          Brackets extends true ? Exclude<First<Found>, null> : First<Found>,
          More,
          Brackets extends true ? true : List,
          Way extends '' ? Name : `${Way}.${Name}`
        >
    : never
  : [At, List]

type Finish<Root, Walked, Tail, Conversion> = Walked extends [infer At, infer List]
  ? ReadTail<Root, At, Tail> extends infer Found
    ? IsWrong<Found> extends true
      ? Found
      : List extends true
        ? Exclude<Convert<Found, Conversion>, null>[]
        : Convert<Found, Conversion>
    : never
  : Walked

/** What has no properties to step on. */
type Leaf = string | number | boolean | bigint | symbol | Date | ((...parameters: never) => unknown)

declare const missing: unique symbol
type Missing = typeof missing

type Property<At, Name extends string, Way extends string> = unknown extends At
  ? unknown
  : string extends Name
    ? unknown
    : Lookup<At, Name> extends infer Found
      ? unknown extends Found
        ? unknown
        : [Missing] extends [Found]
          ? [Found] extends [Missing | null]
            ? Wrong<Way extends '' ? `there is no "${Name}"` : `there is no "${Name}" in "${Way}"`, NamesOf<At>>
            : Exclude<Found, Missing> | null
          : Found
      : never

type Lookup<At, Name extends string> = At extends null
  ? null
  : At extends Leaf
    ? Missing
    : Name extends keyof At
      ? At[Name] | (string extends keyof At ? null : never)
      : Name extends `${infer Index extends number}`
        ? Index extends keyof At
          ? At[Index]
          : Missing
        : Missing

type NamesOf<At> = At extends Leaf | null ? never : keyof At & string

/** The first element of a list, lists of lists included; `Depth` stops at types that contain themselves. */
type First<Value, Depth extends readonly unknown[] = []> = Depth['length'] extends 8
  ? unknown
  : Value extends readonly (infer Element)[]
    ? First<Element, [...Depth, unknown]> | null
    : Value extends undefined
      ? null
      : Value

type ReadTail<Root, At, Tail> = Tail extends readonly unknown[]
  ? unknown extends At
    ? OrNull<ReadFields<Root, unknown, Tail>>
    : [At] extends [null]
      ? null
      : [Exclude<At, Leaf | null>] extends [never]
        ? Wrong<'braces stand behind something that is no object'>
        : [Extract<At, Leaf | null>] extends [never]
          ? ReadFields<Root, At, Tail>
          : OrNull<ReadFields<Root, Exclude<At, Leaf | null>, Tail>>
  : At

type OrNull<Value> = IsWrong<Value> extends true ? Value : Value | null

type ReadFields<Root, At, Fields, Done = object> = Fields extends readonly [infer Field, ...infer More]
  ? Field extends FieldNode<infer Key extends string, infer Expression>
    ? ReadExpression<Root, At, Expression> extends infer Value
      ? IsWrong<Value> extends true
        ? Value
        : ReadFields<Root, At, More, Done & { [Name in Key]: Value }>
      : never
    : never
  : { [Name in keyof Done]: Done[Name] }

/** A listener's data has travelled as JSON, so a Date has become text. */
type Convert<Value, Conversion> = Conversion extends 'str'
  ? unknown extends Value
    ? string | null
    : Value extends null
      ? null
      : Value extends string
        ? Value
        : string
  : Conversion extends 'num'
    ? unknown extends Value
      ? number | null
      : Value extends number
        ? Value
        : Value extends string | bigint
          ? number | null
          : null
    : Conversion extends 'bool'
      ? unknown extends Value
        ? boolean | null
        : Value extends boolean
          ? Value
          : Value extends string
            ? boolean | null
            : null
      : Conversion extends 'id'
        ? unknown extends Value
          ? string | null
          : IdOf<Value>
        : Value extends Date
          ? string
          : Value

type IdOf<Value> = Value extends null
  ? null
  : Value extends string
    ? Value
    : Value extends number | boolean | bigint
      ? string
      : Value extends { readonly id: string | number }
        ? string
        : string | null
