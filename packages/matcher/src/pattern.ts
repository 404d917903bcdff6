/** What a leaf of an event is compared as. Everything else in an event is a way to such a value. */
export type Scalar = string | number | boolean | null

type IgnoreCase = { readonly 'equals-ignore-case': string }
type OneOrMore = string | readonly string[]

/** One thing that a field may be: a plain value, or an object with exactly one operator. See docs/filters.md. */
export type Alternative =
  | Scalar
  | { readonly exactly: string }
  | { readonly prefix: string | IgnoreCase }
  | { readonly suffix: string | IgnoreCase }
  | IgnoreCase
  | { readonly wildcard: string }
  | { readonly numeric: readonly (string | number)[] }
  | { readonly exists: boolean }
  | { readonly cidr: string }
  | {
      readonly 'anything-but':
        | OneOrMore
        | number
        | readonly number[]
        | { readonly prefix: OneOrMore }
        | { readonly suffix: OneOrMore }
        | { readonly 'equals-ignore-case': OneOrMore }
        | { readonly wildcard: OneOrMore }
    }

/**
 * An event pattern: a JSON object shaped like the data, whose leaves are lists of alternatives. All named fields must
 * match, within a list any may; `$or` takes two or more patterns of which one must match.
 */
export interface Pattern {
  readonly [name: string]: Pattern | readonly Alternative[] | readonly Pattern[]
}
