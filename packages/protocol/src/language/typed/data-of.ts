import type { AttributesInput } from '../selection.js'
import type { Parse } from './parse.js'
import type { DefaultKey } from './print.js'
import type { ReadExpression } from './read.js'
import type { IsWrong, Wrong } from './scan.js'

/**
 * What `event.data` holds for a set of attributes, inferred from the strings. Absent is null, lists hold no null. What
 * cannot be known (a text that is no literal, a path into `unknown`, a wrong expression) is unknown.
 *
 * @typeParam Shape the output type of the record's schema.
 * @typeParam Attributes a map of names to expressions, or a tuple of expressions, which are then named by their
 * canonical form.
 *
 * @example
 * DataOf<{ title: string; labels: { name: string }[] }, { t: 'title'; l: 'labels[].name'; a: "author!'nobody'" }>
 */
export type DataOf<Shape, Attributes> = Attributes extends readonly string[]
  ? { [Text in Attributes[number] as NameOf<Text>]: ValueOf<Shape, Text> }
  : { -readonly [Name in keyof Attributes]: ValueOf<Shape, Attributes[Name]> }

/**
 * The same attributes, with a `Wrong` in the place of each expression that names nothing in the record or does not
 * parse. To be intersected with the inferred type of a parameter, so that the compiler points at the expression.
 *
 * @example
 * declare function on<const A extends AttributesInput>(options: { attributes: A & Checked<Shape, A> }): void
 */
export type Checked<Shape, Attributes extends AttributesInput> = {
  [Name in keyof Attributes]: Attributes[Name] extends string ? CheckedText<Shape, Attributes[Name]> : Attributes[Name]
}

type Read<Shape, Text extends string> = string extends Text ? unknown : ReadExpression<Shape, Shape, Parse<Text>>

type ValueOf<Shape, Text> = Text extends string ? OrUnknown<Read<Shape, Text>> : unknown
type OrUnknown<Value> = IsWrong<Value> extends true ? unknown : Value

type CheckedText<Shape, Text extends string> =
  Read<Shape, Text> extends infer Value ? (IsWrong<Value> extends true ? Value : Text) : never

type NameOf<Text extends string> = string extends Text
  ? string
  : Parse<Text> extends Wrong<string, unknown>
    ? Text
    : DefaultKey<Parse<Text>>
