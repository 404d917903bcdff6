import type { Scalar } from '../pattern.js'

/**
 * An alternative as it is compared. Texts that spell an address are 'ip', as are cidr blocks; `numeric =` is 'exact'.
 * 'but' holds when none of `none` does, whatever the type of the value.
 */
export type Wanted =
  | { readonly kind: 'exact'; readonly value: Scalar }
  | { readonly kind: 'prefix' | 'suffix'; readonly text: string }
  | { readonly kind: 'same-letters' | 'prefix-letters' | 'suffix-letters'; readonly text: string }
  | { readonly kind: 'wildcard'; readonly parts: readonly string[] }
  | { readonly kind: 'range'; readonly range: NumberRange }
  | { readonly kind: 'ip'; readonly range: DigitRange }
  | { readonly kind: 'exists' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'but'; readonly none: readonly Wanted[] }

export interface NumberRange {
  readonly low: number
  readonly lowOpen: boolean
  readonly high: number
  readonly highOpen: boolean
}

/** First and last address of a block, both within it, as upper-case hexadecimal digits: 8 or 32 of them. */
export interface DigitRange {
  readonly low: string
  readonly high: string
}

/** Whether comparing with it makes a number be read as a number; see ip-range.ts. */
export function isNumeric(wanted: Wanted): boolean {
  if (wanted.kind === 'but') return wanted.none.some((each) => each.kind === 'exact' && typeof each.value === 'number')
  return wanted.kind === 'range' || (wanted.kind === 'exact' && typeof wanted.value === 'number')
}
