import type { Scalar } from '../ast.js'
import type { DefaultKey } from './print.js'
import type { Brackets, Literal, Name, Trim, Word, Wrong } from './scan.js'

/*
The parser of parse.ts once more, on string literal types. It gives the same tree as types, or a Wrong. Limits are left
to the parser that runs: the compiler has its own.
*/

export interface ExpressionNode<Alternatives = unknown, Literal = unknown> {
  readonly alternatives: Alternatives
  /** `[value]`, or undefined when there is none. */
  readonly literal: Literal
}

export interface AccessNode<Root = unknown, Steps = unknown, Tail = unknown, Conversion = unknown> {
  readonly root: Root
  readonly steps: Steps
  readonly tail: Tail
  readonly scalar: Conversion
}

/** A name, and whether it bears `[]`. */
export type StepNode = readonly [name: string, list: boolean]

export interface FieldNode<Key = unknown, Expression = unknown> {
  readonly key: Key
  readonly expression: Expression
}

/** The tree of a whole expression. */
export type Parse<Text extends string> =
  Trim<Text> extends ''
    ? Wrong<'the expression is empty'>
    : ParseExpression<Text> extends [infer Node, infer Rest extends string]
      ? Trim<Rest> extends ''
        ? Node
        : Wrong<`the expression should end before "${Trim<Rest>}"`>
      : ParseExpression<Text>

type ParseExpression<Text extends string, Done extends readonly unknown[] = []> =
  ParseAccess<Text> extends [infer Access, infer Rest extends string]
    ? Trim<Rest> extends `!${infer Next}`
      ? Literal<Trim<Next>> extends [infer Value, infer After]
        ? [ExpressionNode<[...Done, Access], [Value]>, After]
        : Literal<Trim<Next>> extends undefined
          ? ParseExpression<Next, [...Done, Access]>
          : Literal<Trim<Next>>
      : [ExpressionNode<[...Done, Access], undefined>, Rest]
    : ParseAccess<Text>

type ParseAccess<Text extends string> =
  Trim<Text> extends `$changed${infer Rest}`
    ? Brackets<Rest> extends [infer List extends boolean, infer After extends string]
      ? ParseScalar<'$changed', [['$changed', List]], undefined, After>
      : Brackets<Rest>
    : Trim<Text> extends `$before${infer Rest}`
      ? ParseRooted<'$before', Trim<Rest>>
      : Trim<Text> extends `$event${infer Rest}`
        ? ParseRooted<'$event', Trim<Rest>>
        : Trim<Text> extends `$${string}`
          ? Wrong<'"$" begins $before., $event. or $changed only'>
          : ParsePath<'', Text>

type ParseRooted<Root extends string, Text extends string> = Text extends `.${infer Rest}`
  ? ParsePath<Root, Rest>
  : Wrong<`${Root} is not followed by "." and a name`>

type ParsePath<Root extends string, Text extends string> =
  ParseSteps<Text> extends [infer Steps, infer Rest extends string]
    ? Trim<Rest> extends `{${infer Inside}`
      ? ParseFields<Inside> extends [infer Tail, infer After extends string]
        ? ParseScalar<Root, Steps, Tail, After>
        : ParseFields<Inside>
      : ParseScalar<Root, Steps, undefined, Rest>
    : ParseSteps<Text>

type ParseSteps<Text extends string, Done extends readonly StepNode[] = []> =
  Name<Text> extends [infer Step extends string, infer Rest extends string]
    ? Brackets<Rest> extends [infer List extends boolean, infer After extends string]
      ? Trim<After> extends `.${infer Next}`
        ? ParseSteps<Next, [...Done, [Step, List]]>
        : [[...Done, [Step, List]], After]
      : Brackets<Rest>
    : Name<Text>

type ParseScalar<Root, Steps, Tail, Text extends string> =
  Trim<Text> extends `?${infer Rest}`
    ? Word<Trim<Rest>> extends [infer Conversion extends string, infer After]
      ? Conversion extends Scalar
        ? [AccessNode<Root, Steps, Tail, Conversion>, After]
        : Wrong<`there is no scalar "?${Conversion}"`, `?${Scalar}`>
      : never
    : [AccessNode<Root, Steps, Tail, undefined>, Text]

type ParseFields<Text extends string, Done extends readonly unknown[] = []> =
  ParseField<Text> extends [infer Field, infer Rest extends string]
    ? Trim<Rest> extends `,${infer Next}`
      ? Trim<Next> extends `}${infer After}`
        ? [[...Done, Field], After]
        : ParseFields<Next, [...Done, Field]>
      : Trim<Rest> extends `}${infer After}`
        ? [[...Done, Field], After]
        : Wrong<'braces do not end with "}"'>
    : ParseField<Text>

type ParseField<Text extends string> =
  Alias<Text> extends [infer Key, infer Rest extends string]
    ? ParseExpression<Rest> extends [infer Expression, infer After]
      ? [FieldNode<Key, Expression>, After]
      : ParseExpression<Rest>
    : ParseExpression<Text> extends [infer Expression, infer After]
      ? [FieldNode<DefaultKey<Expression>, Expression>, After]
      : ParseExpression<Text>

type Alias<Text extends string> =
  Name<Text> extends [infer Key, infer Rest extends string]
    ? Trim<Rest> extends `:${infer After}`
      ? [Key, After]
      : undefined
    : undefined
