import type { AccessNode, ExpressionNode, FieldNode, StepNode } from './parse.js'
import type { LiteralWord, Word } from './scan.js'

/*
The canonical text of a tree, as print.ts prints it: it is the key of a field without alias and the name of an
attribute in a list. A part that cannot be printed here (an escape, a number in an unusual spelling) becomes `string` or
`number`, so that the key is a pattern instead of a wrong name.
*/

export type DefaultKey<Node> =
  Node extends ExpressionNode<infer Alternatives, infer Literal>
    ? `${PrintAlternatives<Alternatives>}${Literal extends [infer Value] ? `!${PrintLiteral<Value>}` : ''}`
    : never

type PrintAlternatives<Accesses> = Accesses extends [infer Only, ...infer More]
  ? `${PrintAccess<Only, false>}${PrintOrElse<More>}`
  : ''

type PrintOrElse<Accesses> = Accesses extends [infer Next, ...infer More]
  ? `!${PrintAccess<Next, true>}${PrintOrElse<More>}`
  : ''

type PrintLiteral<Value> = Value extends string
  ? Value extends `${string}'${string}`
    ? `'${string}'`
    : `'${Value}'`
  : `${Value & (number | boolean | null)}`

type PrintAccess<Node, OrElse extends boolean> =
  Node extends AccessNode<infer Root extends string, infer Steps, infer Tail, infer Conversion>
    ? `${PrintPath<Root, Steps, OrElse>}${PrintTail<Tail>}${Conversion extends string ? `?${Conversion}` : ''}`
    : never

type PrintPath<Root extends string, Steps, OrElse> = Root extends '$changed'
  ? Steps extends [['$changed', true]]
    ? '$changed[]'
    : '$changed'
  : Root extends ''
    ? PrintSteps<Steps, OrElse>
    : `${Root}.${PrintSteps<Steps, false>}`

type PrintSteps<Steps, OrElse> = Steps extends [infer Step extends StepNode, ...infer More]
  ? `${PrintName<Step[0], OrElse>}${Step[1] extends true ? '[]' : ''}${More extends [] ? '' : '.'}${PrintSteps<More, false>}`
  : ''

type Escaped = '"' | '\\' | '\n' | '\t' | '\r'

type PrintName<Name extends string, OrElse = false> = string extends Name
  ? string
  : Name extends ''
    ? '""'
    : Word<Name> extends [Name, '']
      ? Name extends `"${string}`
        ? string
        : [OrElse, Name] extends [true, LiteralWord]
          ? `"${Name}"`
          : Name
      : Name extends `${string}${Escaped}${string}`
        ? string
        : `"${Name}"`

type PrintTail<Tail> = Tail extends readonly unknown[] ? `{${PrintFields<Sort<Tail>>}}` : ''

type PrintFields<Fields> = Fields extends [infer Field, ...infer More]
  ? `${PrintField<Field>}${More extends [] ? '' : ','}${PrintFields<More>}`
  : ''

type PrintField<Field> =
  Field extends FieldNode<infer Key extends string, infer Expression>
    ? Key extends DefaultKey<Expression>
      ? DefaultKey<Expression>
      : `${PrintName<Key>}:${DefaultKey<Expression>}`
    : never

type Sort<Fields, Done extends readonly unknown[] = []> = Fields extends readonly [infer Field, ...infer More]
  ? Sort<More, Insert<Field, Done>>
  : Done

type Insert<Field, Sorted extends readonly unknown[]> = Sorted extends [infer Head, ...infer More]
  ? [Field, Head] extends [FieldNode<infer A extends string>, FieldNode<infer B extends string>]
    ? A extends B
      ? Sorted
      : Precedes<A, B> extends true
        ? [Field, ...Sorted]
        : [Head, ...Insert<Field, More>]
    : never
  : [Field]

type Ascii = ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~'

type Precedes<A extends string, B extends string> = A extends `${infer CharacterA}${infer RestA}`
  ? B extends `${infer CharacterB}${infer RestB}`
    ? CharacterA extends CharacterB
      ? Precedes<RestA, RestB>
      : Ascii extends `${string}${CharacterA}${string}${CharacterB}${string}`
        ? true
        : false
    : false
  : true
