/*
The parts of an expression, taken from the front of a string literal type. Each taker gives `[part, rest]`, or a Wrong.
Names are taken character by character in tail recursion, so that one may be several hundred characters long.
*/

/** What a type-level error looks like to the compiler's reader: a sentence, and the names that would have done. */
export interface Wrong<Sentence extends string, Known = never> {
  readonly wrong: Sentence
  readonly known: Known
}

export type IsWrong<T> = [T] extends [never] ? false : [T] extends [Wrong<string, unknown>] ? true : false

type Space = ' ' | '\n' | '\t' | '\r'
type Stop = Space | '.' | '[' | ']' | '{' | '}' | ',' | ':' | '?' | '!' | '$' | "'"
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'

/** What would be read as a literal where an or-else stands. */
export type LiteralWord = 'true' | 'false' | 'null' | `${Digit}${string}` | `-${Digit}${string}`

export type Trim<Text extends string> = Text extends `${Space}${infer Rest}` ? Trim<Rest> : Text

/** The run of characters that an unquoted name may hold; may be empty. */
export type Word<Text extends string, Done extends string = ''> = Text extends `${infer Character}${infer Rest}`
  ? Character extends Stop
    ? [Done, Text]
    : Word<Rest, `${Done}${Character}`>
  : [Done, '']

export type Name<Text extends string> =
  Trim<Text> extends `"${infer Rest}`
    ? QuotedName<Rest>
    : Word<Trim<Text>> extends ['', infer Rest extends string]
      ? Wrong<Rest extends '' ? 'a name is missing at the end' : `a name is missing before "${Rest}"`>
      : Word<Trim<Text>>

interface Escapes {
  '"': '"'
  '\\': '\\'
  '/': '/'
  n: '\n'
  t: '\t'
  r: '\r'
}

// A name with an escape that has no short form is known only to be a name: what it reads is then unknown.
type QuotedName<Text extends string, Done extends string = ''> = Text extends `${infer Character}${infer Rest}`
  ? Character extends '"'
    ? [Done, Rest]
    : Character extends '\\'
      ? Rest extends `${infer Escaped}${infer More}`
        ? QuotedName<More, `${Done}${Escaped extends keyof Escapes ? Escapes[Escaped] : string}`>
        : Wrong<'a name in double quotes does not end'>
      : QuotedName<Rest, `${Done}${Character}`>
  : Wrong<'a name in double quotes does not end'>

/** Whether `[]` comes next. */
export type Brackets<Text extends string> =
  Trim<Text> extends `[${infer Inside}`
    ? Trim<Inside> extends `]${infer Rest}`
      ? [true, Rest]
      : Wrong<'"[" is not followed by "]"'>
    : [false, Text]

/** A literal behind a `!`; undefined when an expression stands there. */
export type Literal<Text extends string> = Text extends `'${infer Rest}`
  ? QuotedText<Rest>
  : Word<Text> extends [infer Start extends LiteralWord, infer Rest extends string]
    ? Start extends 'true'
      ? [true, Rest]
      : Start extends 'false'
        ? [false, Rest]
        : Start extends 'null'
          ? [null, Rest]
          : Rest extends `.${infer Fraction}`
            ? Word<Fraction> extends [infer Digits extends string, infer After extends string]
              ? NumberLiteral<`${Start}.${Digits}`, After>
              : never
            : NumberLiteral<Start, Rest>
    : undefined

type NumberLiteral<Text extends string, Rest extends string> = Text extends `${infer Value extends number}`
  ? [Value, Rest]
  : Wrong<`"${Text}" is no number`>

type QuotedText<Text extends string, Done extends string = ''> = Text extends `${infer Head}'${infer Rest}`
  ? Rest extends `'${infer More}`
    ? QuotedText<More, `${Done}${Head}'`>
    : [`${Done}${Head}`, Rest]
  : Wrong<'a text in single quotes does not end'>
