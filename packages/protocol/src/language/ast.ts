/*
The tree of an expression. `a.b[]{x,k:y}?str ! c ! 'none'` is

  alternatives   a.b[]{x,k:y}?str, then c: the first that is not null is the value
  literal        'none', when every alternative is null

so a long or-else chain is a flat list and costs no stack.
*/

/** Where a path begins: the record as the event leaves it, its state before, the event itself, the names that changed. */
export type Root = '' | '$before' | '$event' | '$changed'

export const scalars = ['str', 'num', 'bool', 'json', 'id'] as const
export type Scalar = (typeof scalars)[number]

export interface Expression {
  /** At least one. */
  readonly alternatives: readonly Access[]
  readonly literal?: Literal
}

export interface Literal {
  readonly value: string | number | boolean | null
}

export interface Access {
  readonly root: Root
  /** Empty for `$changed` alone. */
  readonly steps: readonly Step[]
  /** Whether the value is a list: some step, or `$changed`, bears `[]`. */
  readonly list: boolean
  readonly tail?: readonly Field[]
  readonly scalar?: Scalar
}

export interface Step {
  readonly name: string
  readonly list: boolean
}

/** In a tail sorted by key, which is unique there. */
export interface Field {
  readonly key: string
  readonly expression: Expression
}

export const limits = {
  /** UTF-8 bytes of an expression, as written and in canonical form. */
  bytes: 4096,
  /** Steps from the record to the innermost name, tails included. */
  steps: 16,
  /** Alternatives parted by `!`. */
  alternatives: 16,
  /** Expressions of one selection. */
  expressions: 256,
} as const
